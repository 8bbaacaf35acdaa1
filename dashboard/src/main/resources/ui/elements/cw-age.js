import { age, dateTime } from "../lib/format.js";
import { setText } from "../lib/html.js";

const shown = new Set();
let skewMs = 0;

/** "12 s ago", kept up to date as long as it is on the page. */
class Age extends HTMLElement {
  #ms = null;

  connectedCallback() {
    shown.add(this);
    this.refresh();
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  /** @param {number} ms since 1970 by the server's clock */
  set value(ms) {
    if (this.#ms === ms) return;
    this.#ms = ms;
    this.title = dateTime(ms);
    this.refresh();
  }

  refresh() {
    if (this.#ms !== null) setText(this, age(this.#ms, Date.now() + skewMs));
  }
}

/** One clock for all of them. @param {import("../lib/feed.js").Feed} feed knows how far the server's is ahead */
export function keepAges(feed) {
  setInterval(() => {
    skewMs = feed.skewMs;
    for (const element of shown) element.refresh();
  }, 1000);
}

customElements.define("cw-age", Age);
