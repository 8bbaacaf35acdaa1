import { create, html, refs, setText } from "../lib/html.js";
import { number, whole } from "../lib/format.js";
import { isSimulated } from "../lib/words.js";
import { runAddress } from "./cw-run-row.js";
import "./cw-age.js";
import "./cw-state.js";

/** The runs that are compared: colour, state, where they stand. Fires `remove` with the run that is not to be any more. */
class RunList extends HTMLElement {
  #items = new Map();

  /** @param {object[]} runs summaries @param {(run: object) => {colour: string, dash?: number[]}} style of a run's line */
  set(runs, style) {
    this.#items.clear();
    this.replaceChildren();
    runs.forEach((run) => {
      const element = create(html`<div class="compared-run">
        <i data-ref="swatch"></i><a data-ref="link"></a><span class="simulated" data-ref="simulated" title="The way of a reference model, not of a network: its steps are those of gradient descent on the model">simulated</span><cw-state data-ref="state"></cw-state>
        <span>step <b data-ref="step"></b></span><span>nc1 <b data-ref="nc1"></b></span><cw-age data-ref="age"></cw-age>
        <button type="button" class="quiet" data-ref="remove">Remove</button>
      </div>`);
      const parts = refs(element);
      const { colour, dash } = style(run);
      parts.swatch.style.color = `var(${colour})`;
      parts.swatch.classList.toggle("dashed", dash !== undefined);
      parts.simulated.hidden = !isSimulated(run);
      parts.remove.setAttribute("aria-label", `Remove ${run.run} from the comparison`);
      parts.remove.addEventListener("click", () => this.dispatchEvent(new CustomEvent("remove", { detail: run.run })));
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
