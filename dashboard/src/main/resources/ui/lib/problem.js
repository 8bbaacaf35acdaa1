import { setText } from "./html.js";

/** Says on top of the page what is wrong; an empty sentence takes it away. */
export function say(sentence) {
  const place = document.getElementById("problem");
  place.hidden = sentence === "";
  setText(place, sentence);
}
