import { hide } from "../lib/api.js";
import { html, render, setText } from "../lib/html.js";

const MOST_NAMES = 5;

/** Asks before it hides runs, and does it. Fires `done` when all of them are hidden. */
class Hide extends HTMLElement {
  #refs = null;
  #runs = [];

  #build() {
    const found = render(
      this,
      html`<dialog class="ask" data-ref="dialog" aria-labelledby="hide-title" aria-describedby="hide-words">
        <h3 id="hide-title" data-ref="title"></h3>
        <p class="names" data-ref="names"></p>
        <p id="hide-words">A hidden run leaves every page until it is started again. Its history is kept.</p>
        <p class="problem" role="alert" data-ref="problem" hidden></p>
        <p class="answers">
          <button type="button" data-ref="cancel">Cancel</button>
          <button type="button" class="primary" data-ref="hide">Hide</button>
        </p>
      </dialog>`,
    );
    found.cancel.addEventListener("click", () => found.dialog.close());
    found.hide.addEventListener("click", () => this.#hide());
    return found;
  }

  /** @param {string[]} runs at least one */
  ask(runs) {
    this.#refs ??= this.#build();
    this.#runs = runs;
    setText(this.#refs.title, runs.length === 1 ? "Hide this run?" : `Hide these ${runs.length} runs?`);
    setText(this.#refs.names, named(runs));
    this.#refs.problem.hidden = true;
    this.#refs.hide.disabled = false;
    this.#refs.dialog.showModal();
  }

  /** One after the other, so that the browser asks at most once who is there. */
  async #hide() {
    this.#refs.hide.disabled = true;
    try {
      while (this.#runs.length) {
        await hide(this.#runs[0]);
        this.#runs = this.#runs.slice(1);
      }
      this.#refs.dialog.close();
      this.dispatchEvent(new Event("done"));
    } catch (problem) {
      this.#refs.problem.hidden = false;
      setText(this.#refs.problem, `${this.#runs[0]} is not hidden: ${problem.message}.`);
    } finally {
      this.#refs.hide.disabled = false;
    }
  }
}

function named(runs) {
  const more = runs.length - MOST_NAMES;
  return runs.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

customElements.define("cw-hide", Hide);
