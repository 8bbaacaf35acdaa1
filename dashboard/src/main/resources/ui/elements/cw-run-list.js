import { create, html, refs, setText } from "../lib/html.js";
import { number, whole } from "../lib/format.js";
import { runAddress } from "./cw-run-row.js";
import "./cw-age.js";
import "./cw-state.js";

/** The runs that are compared: colour, state, where they stand. */
class RunList extends HTMLElement {
  #items = new Map();

  /** @param {object[]} runs summaries @param {(i: number) => {colour: string}} style of the i-th */
  set(runs, style) {
    this.#items.clear();
    this.replaceChildren();
    runs.forEach((run, i) => {
      const element = create(html`<div class="compared-run">
        <i data-ref="swatch"></i><a data-ref="link"></a><cw-state data-ref="state"></cw-state>
        <span>step <b data-ref="step"></b></span><span>nc1 <b data-ref="nc1"></b></span><cw-age data-ref="age"></cw-age>
      </div>`);
      const parts = refs(element);
      parts.swatch.style.background = `var(${style(i).colour})`;
      parts.link.href = runAddress(run.run);
      parts.link.textContent = run.run;
      this.append(element);
      this.#items.set(run.run, parts);
      this.update(run);
    });
  }

  update(run) {
    const parts = this.#items.get(run.run);
    if (!parts) return;
    parts.state.value = run.state;
    setText(parts.step, whole(run.step));
    setText(parts.nc1, number(run.nc1));
    if (run.last_ms) parts.age.value = run.last_ms;
  }
}

customElements.define("cw-run-list", RunList);
