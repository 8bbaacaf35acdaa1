const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 120;
const HEIGHT = 28;
const MOST = 120;

/** A small curve of one positive number over steps, logarithmic, that grows while the run does. */
export class Sparkline extends HTMLElement {
  #step = [];
  #values = [];
  #path = null;
  #dot = null;

  /** @param {number[]} step @param {(number|null)[]} values */
  set(step, values) {
    this.#step = [...step];
    this.#values = [...values];
    this.#draw();
  }

  push(step, value) {
    if (value === undefined || value === null || step <= this.#step[this.#step.length - 1]) return;
    this.#step.push(step);
    this.#values.push(value);
    if (this.#step.length > MOST) this.#halve();
    this.#draw();
  }

  // Every other point of the older half goes, so that the newest stay as they are.
  #halve() {
    const keep = (_, i) => i > MOST / 2 || i % 2 === 0;
    this.#step = this.#step.filter(keep);
    this.#values = this.#values.filter(keep);
  }

  #draw() {
    if (!this.#path) this.#build();
    const points = this.#points();
    this.#path.setAttribute("d", points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join(""));
    const [x, y] = points[points.length - 1] ?? [-9, -9];
    this.#dot.setAttribute("cx", x.toFixed(1));
    this.#dot.setAttribute("cy", y.toFixed(1));
  }

  #points() {
    const logs = logarithms(this.#values);
    const there = logs.filter((value) => value !== null);
    const [low, high] = [Math.min(...there), Math.max(...there)];
    const [first, last] = [this.#step[0], this.#step[this.#step.length - 1]];
    const points = [];
    logs.forEach((value, i) => {
      if (value === null) return;
      const x = last > first ? (this.#step[i] - first) / (last - first) : 1;
      const y = high > low ? (high - value) / (high - low) : 0.5;
      points.push([3 + x * (WIDTH - 6), 3 + y * (HEIGHT - 6)]);
    });
    return points;
  }

  #build() {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    this.#path = svg.appendChild(document.createElementNS(SVG, "path"));
    this.#path.setAttribute("fill", "none");
    this.#path.setAttribute("vector-effect", "non-scaling-stroke");
    this.#dot = svg.appendChild(document.createElementNS(SVG, "circle"));
    this.#dot.setAttribute("r", "2.2");
    this.replaceChildren(svg);
  }
}

/** What is 0 or below lies a little under the smallest positive value. */
function logarithms(values) {
  const logs = values.map((value) => (value > 0 ? Math.log(value) : null));
  const positive = logs.filter((value) => value !== null);
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  const bottom = positive.length ? low - 0.2 * (high - low || 1) : 0;
  return values.map((value, i) => (value === null || value === undefined ? null : (logs[i] ?? bottom)));
}

customElements.define("cw-sparkline", Sparkline);
