import { divergingRamp } from "../lib/colours.js";
import { number } from "../lib/format.js";
import { html, render, setText } from "../lib/html.js";
import { themes } from "../lib/theme.js";

const STEPS = [0.05, 0.1, 0.2, 0.5, 1, 2];

/**
 * Cosines between the vectors of classes as a matrix. Colours say how far a cosine is from the one at collapse, which is the
 * same for every pair: orange pairs are too close, blue ones too far apart.
 */
class Cosines extends HTMLElement {
  #refs;
  #data = null;
  #cell = [0, 1];
  #onTheme = () => this.#draw();

  connectedCallback() {
    this.#refs ??= this.#build();
    themes.addEventListener("change", this.#onTheme);
  }

  disconnectedCallback() {
    themes.removeEventListener("change", this.#onTheme);
  }

  #build() {
    const found = render(
      this,
      html`<figure class="panel cosines">
        <header class="panel-head"><h3 data-ref="title"></h3></header>
        <p class="readout" data-ref="readout"></p>
        <canvas data-ref="canvas" tabindex="0" role="img"></canvas>
        <ol class="extremes" data-ref="extremes" hidden></ol>
        <div class="ramp" data-ref="legend">
          <span data-ref="low"></span><canvas width="101" height="1" data-ref="ramp" aria-hidden="true"></canvas><span data-ref="high"></span>
          <span class="middle" data-ref="middle"></span>
        </div>
        <p class="words" data-ref="sentence"></p>
      </figure>`,
    );
    found.canvas.addEventListener("pointermove", (event) => this.#point(event));
    found.canvas.addEventListener("pointerleave", () => this.#read(null));
    found.canvas.addEventListener("keydown", (event) => this.#onKey(event));
    return found;
  }

  /**
   * @param {object} data
   * @param {string} data.title
   * @param {number[]} data.classes of the rows
   * @param {(number|null)[]} data.values upper triangle without the diagonal, row by row
   * @param {number} data.target the cosine of every pair at collapse
   * @param {string} data.sentence about them
   * @param {{first: number, second: number, cosine: number}[]} [data.extremes] in place of too large a matrix
   */
  show(data) {
    this.#data = data;
    setText(this.#refs.title, data.title);
    setText(this.#refs.sentence, data.sentence);
    this.#refs.canvas.setAttribute("aria-label", `${data.title}. ${data.sentence} Arrow keys read single pairs.`);
    for (const part of [this.#refs.canvas, this.#refs.legend, this.#refs.readout]) part.hidden = data.values.length === 0;
    this.#showExtremes(data.extremes ?? []);
    this.#draw();
    this.#read(null);
  }

  #showExtremes(extremes) {
    this.#refs.extremes.hidden = extremes.length === 0;
    this.#refs.extremes.replaceChildren(
      ...extremes.slice(0, 12).map(({ first, second, cosine }) => {
        const item = document.createElement("li");
        item.textContent = `classes ${first} and ${second}: ${number(cosine)}`;
        return item;
      }),
    );
  }

  #draw() {
    if (!this.#data || this.#data.values.length === 0) return;
    const size = this.#data.classes.length;
    const range = this.#range();
    const { canvas, ramp } = this.#refs;
    canvas.width = canvas.height = size;
    paint(canvas, (row, column) => (row === column ? null : this.#deviation(row, column, range)));
    paint(ramp, (_, column) => (column - 50) / 50);
    setText(this.#refs.middle, `${number(this.#data.target)} at collapse`);
    setText(this.#refs.low, number(this.#data.target - range));
    setText(this.#refs.high, number(this.#data.target + range));
  }

  /** The same on both sides, and one of a few, so that colours hold still while a run is live. */
  #range() {
    const { values, target } = this.#data;
    const largest = values.reduce((most, value) => (value === null ? most : Math.max(most, Math.abs(value - target))), 0);
    return STEPS.find((step) => step >= largest) ?? 2;
  }

  #deviation(row, column, range) {
    const value = this.#value(row, column);
    return value === null ? null : (value - this.#data.target) / range;
  }

  #value(row, column) {
    const [a, b] = row < column ? [row, column] : [column, row];
    const size = this.#data.classes.length;
    return this.#data.values[a * size - (a * (a + 1)) / 2 + (b - a - 1)] ?? null;
  }

  #point(event) {
    const box = this.#refs.canvas.getBoundingClientRect();
    const size = this.#data.classes.length;
    const at = (offset, length) => Math.min(size - 1, Math.max(0, Math.floor((offset / length) * size)));
    this.#read([at(event.clientY - box.top, box.height), at(event.clientX - box.left, box.width)]);
  }

  #onKey(event) {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move || !this.#data) return;
    event.preventDefault();
    const size = this.#data.classes.length;
    this.#cell = this.#cell.map((at, i) => Math.min(size - 1, Math.max(0, at + move[i])));
    this.#read(this.#cell);
  }

  #read(cell) {
    setText(this.#refs.readout, cell ? this.#sentence(...cell) : "Point at a pair to read it.");
  }

  #sentence(row, column) {
    const { classes, target } = this.#data;
    if (row === column) return `class ${classes[row]} with itself`;
    const value = this.#value(row, column);
    return `classes ${classes[row]} and ${classes[column]}: ${number(value)} (at collapse ${number(target)})`;
  }
}

/** Fills a canvas of a pixel a cell; null cells stay as the background. */
function paint(canvas, deviation) {
  const ctx = canvas.getContext("2d");
  const image = ctx.createImageData(canvas.width, canvas.height);
  const ramp = divergingRamp();
  for (let row = 0; row < canvas.height; row++) {
    for (let column = 0; column < canvas.width; column++) {
      const t = deviation(row, column);
      if (t !== null) image.data.set([...ramp(t), 255], 4 * (row * canvas.width + column));
    }
  }
  ctx.putImageData(image, 0, 0);
}

customElements.define("cw-cosines", Cosines);
