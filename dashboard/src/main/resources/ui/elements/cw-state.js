import { html, render, setText } from "../lib/html.js";
import { STATES } from "../lib/words.js";

/** The state of a run as a badge: a sign, a word and a colour, each enough alone. */
class State extends HTMLElement {
  #refs = null;

  /** @param {string} state one of STATES; any other is shown as the word it is */
  set value(state) {
    if (this.dataset.state === state) return;
    this.#refs ??= render(this, html`<i aria-hidden="true" data-ref="sign"></i><span data-ref="word"></span>`);
    const known = STATES[state] ?? STATES.unknown;
    this.dataset.state = state;
    this.title = known.words;
    setText(this.#refs.sign, known.sign);
    setText(this.#refs.word, state);
  }
}

customElements.define("cw-state", State);
