import { html, render } from "../lib/html.js";

/** What of a run is shown and over what. Fires `view` with what was changed, and `zoomby` with a factor, 0 for all. */
class ViewBar extends HTMLElement {
  #selects = {};

  connectedCallback() {
    const { split, layer, kind, x, y, out, all, into } = render(
      this,
      html`<form class="view-bar" aria-label="View">
        <label>Split <select data-ref="split" name="split"></select></label>
        <label>Layer <select data-ref="layer" name="layer"></select></label>
        <label>Windows <select data-ref="kind" name="kind">
          <option value="both">rolling and snapshots</option>
          <option value="rolling">rolling only</option>
          <option value="snapshot">snapshots only</option>
        </select></label>
        <label>Over <select data-ref="x" name="x">
          <option value="step">step</option>
          <option value="epoch">epoch</option>
          <option value="lnln">ln ln step</option>
        </select></label>
        <label>Scale <select data-ref="y" name="y">
          <option value="log">logarithmic</option>
          <option value="linear">linear</option>
        </select></label>
        <span class="zoom" role="group" aria-label="Zoom">
          <button type="button" data-ref="out" title="Zoom out (−)" aria-label="Zoom out">−</button>
          <button type="button" data-ref="all" title="Show all (double click on a chart)">all</button>
          <button type="button" data-ref="into" title="Zoom in (+); or drag over a chart" aria-label="Zoom in">+</button>
        </span>
      </form>`,
    );
    this.#selects = { split, layer, kind, x, y };
    for (const [name, select] of Object.entries(this.#selects)) {
      select.addEventListener("change", () => this.#fire("view", { [name]: select.value }));
    }
    out.addEventListener("click", () => this.#fire("zoomby", 0.5));
    into.addEventListener("click", () => this.#fire("zoomby", 2));
    all.addEventListener("click", () => this.#fire("zoomby", 0));
  }

  #fire(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  /** @param {object} view @param {string[]} splits @param {string[]} layers that the run has */
  show(view, splits, layers) {
    options(this.#selects.split, splits, view.split);
    options(this.#selects.layer, layers, view.layer);
    for (const [name, select] of Object.entries(this.#selects)) select.value = view[name];
  }
}

function options(select, values, chosen) {
  const all = [...new Set([...values, chosen])].sort();
  if (all.join() === [...select.options].map((option) => option.value).join()) return;
  select.replaceChildren(...all.map((value) => new Option(value, value)));
}

customElements.define("cw-view-bar", ViewBar);
