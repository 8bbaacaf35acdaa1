const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 120;
const HEIGHT = 28;
const MOST = 120;
/** The ends of the scale, the same for all, so that one curve can be held against another. */
const TOP = Math.log(1);
const BOTTOM = Math.log(1e-3);

/** A small curve of one number ≥ 0 over steps, from 1 down to 0.001 and logarithmic, that grows while the run does. */
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
    const end = points[points.length - 1];
    // A line without length: its round end stays round however the picture is stretched.
    this.#dot.setAttribute("d", end ? `M${end[0].toFixed(1)} ${end[1].toFixed(1)}h0` : "");
  }

  #points() {
    const [first, last] = [this.#step[0], this.#step[this.#step.length - 1]];
    const points = [];
    this.#values.forEach((value, i) => {
      if (value === null || value === undefined) return;
      const x = last > first ? (this.#step[i] - first) / (last - first) : 1;
      points.push([3 + x * (WIDTH - 6), 3 + depth(value) * (HEIGHT - 6)]);
    });
    return points;
  }

  #build() {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    path(svg, "floor").setAttribute("d", `M0 ${HEIGHT - 1}H${WIDTH}`);
    this.#path = path(svg, "curve");
    this.#dot = path(svg, "end");
    this.replaceChildren(svg);
  }
}

function path(svg, name) {
  const path = svg.appendChild(document.createElementNS(SVG, "path"));
  path.setAttribute("class", name);
  path.setAttribute("fill", "none");
  path.setAttribute("vector-effect", "non-scaling-stroke");
  return path;
}

/** 0 at the top, 1 at the bottom; what is beyond the scale lies at its ends. */
function depth(value) {
  return Math.min(1, Math.max(0, (TOP - Math.log(value)) / (TOP - BOTTOM)));
}

customElements.define("cw-sparkline", Sparkline);
