import { create, html, render, setText } from "../lib/html.js";
import { closing } from "../lib/menu.js";

/** A menu of variants of a criterion, any of which may be drawn. Fires `choose` with the chosen keys. */
class Variants extends HTMLElement {
  #boxes = [];

  connectedCallback() {
    if (this.firstChild) return;
    const { list, menu } = render(
      this,
      html`<details class="menu" data-ref="menu"><summary class="quiet">Variants</summary><div data-ref="list"></div></details>`,
    );
    this.list = list;
    closing(menu);
  }

  /** @param {{key: string, unit: string, help: string}[]} metrics @param {string[]} chosen */
  offer(metrics, chosen) {
    this.#boxes = [];
    this.list.replaceChildren(...metrics.map((metric) => this.#choice(metric, chosen.includes(metric.key))));
  }

  #choice({ key, unit, help }, checked) {
    const label = create(html`<label><input type="checkbox"><span></span><small></small></label>`);
    const [box, name, words] = label.children;
    box.checked = checked;
    box.value = key;
    setText(name, unit ? `${key} (${unit})` : key);
    setText(words, help);
    box.addEventListener("change", () => this.#choose(box));
    this.#boxes.push(box);
    return label;
  }

  /** One stays chosen: an empty chart helps nobody. */
  #choose(box) {
    const chosen = this.#boxes.filter((one) => one.checked).map((one) => one.value);
    if (chosen.length === 0) box.checked = true;
    else this.dispatchEvent(new CustomEvent("choose", { detail: chosen }));
  }
}

customElements.define("cw-variants", Variants);
