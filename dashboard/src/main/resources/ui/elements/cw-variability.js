import { number } from "../lib/format.js";
import { create, html, render, setText } from "../lib/html.js";

const FEW = 12;
const MANY = 400;

/** How much each class scatters, worst first: who holds the run back. */
class Variability extends HTMLElement {
  #refs;
  #bars = [];
  #all = false;
  #values = {};

  connectedCallback() {
    this.#refs = render(
      this,
      html`<figure class="panel">
        <header class="panel-head">
          <h3 title="Class variance over the trace of the between-class covariance; 0 at collapse">Variability of each class, worst first</h3>
          <div class="panel-tools"><button type="button" class="quiet" data-ref="more" hidden></button></div>
        </header>
        <ol class="bars" data-ref="bars"></ol>
        <p class="no-data" data-ref="none">Not measured in this window.</p>
        <p class="words">v<sub>k</sub> / tr Σ<sub>B</sub>, dimensionless; 0 at collapse</p>
      </figure>`,
    );
    this.#refs.more.addEventListener("click", () => {
      this.#all = !this.#all;
      this.show(this.#values);
    });
  }

  /** @param {Record<string, number>} values by class */
  show(values = {}) {
    this.#values = values;
    const sorted = Object.entries(values).sort((a, b) => b[1] - a[1]);
    const shown = sorted.slice(0, this.#all ? MANY : FEW);
    while (this.#bars.length < shown.length) this.#bars.push(this.#bar());
    this.#bars.forEach((bar, i) => write(bar, shown[i], sorted[0]?.[1] || 1));
    this.#refs.none.hidden = sorted.length > 0;
    this.#refs.more.hidden = sorted.length <= FEW;
    setText(this.#refs.more, this.#all ? `worst ${FEW} only` : `all ${sorted.length}`);
  }

  #bar() {
    const element = create(html`<li><span class="bar-name"></span><span class="bar-track"><span class="bar-fill"></span></span><b></b></li>`);
    const [name, track, value] = element.children;
    this.#refs.bars.append(element);
    return { element, name, fill: track.firstElementChild, value };
  }
}

function write(bar, entry, largest) {
  bar.element.hidden = !entry;
  if (!entry) return;
  setText(bar.name, `class ${entry[0]}`);
  setText(bar.value, number(entry[1]));
  bar.fill.style.width = `${((100 * entry[1]) / largest).toFixed(1)}%`;
}

customElements.define("cw-variability", Variability);
