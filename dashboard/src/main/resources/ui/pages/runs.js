import { keepAges } from "../elements/cw-age.js";
import "../elements/cw-header.js";
import "../elements/cw-runs.js";
import { runs } from "../lib/api.js";
import { Feed } from "../lib/feed.js";
import { perFrame } from "../lib/frames.js";
import { say } from "../lib/problem.js";

const table = document.querySelector("cw-runs");
const feed = new Feed();

const changed = perFrame("live-runs", (summaries) => table.update(newestOfEach(summaries)));

async function load() {
  try {
    table.set((await runs()).runs);
    say("");
  } catch ({ message }) {
    say(`The runs could not be loaded: ${message}.`);
  }
}

/** Several summaries of a run may come within a frame. */
function newestOfEach(summaries) {
  return [...new Map(summaries.map((summary) => [summary.run, summary])).values()];
}

document.querySelector("cw-header").follow(feed);
feed.addEventListener("up", load);
feed.addEventListener("run", (event) => changed(event.detail));
feed.addEventListener("gone", (event) => table.remove(event.detail.run));
feed.start();
keepAges(feed);
