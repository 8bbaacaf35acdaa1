import { sequentialRamp } from "./colours.js";
import { binEdge } from "./report.js";
import { isDark } from "./theme.js";

/**
 * The picture of histograms over time: a column of pixels for each, as light or dark as the share of its samples there.
 * Columns are kept until the scale of y changes, so that a live report costs one column.
 */
export class Density {
  #canvas = document.createElement("canvas");
  #key = "";
  #done = 0;

  /**
   * @param {object} u the uPlot to draw below
   * @param {number[]} x of the histograms, ascending
   * @param {{bins: number[], counts: number[]}[]} histograms
   * @param {string} generation other where histograms were replaced
   */
  draw(u, x, histograms, generation) {
    const rows = Math.max(1, Math.round(u.bbox.height / (2 * devicePixelRatio)));
    this.#prepare(u, rows, histograms.length, generation);
    const place = positions(u, rows);
    const ctx = this.#canvas.getContext("2d");
    const ramp = sequentialRamp();
    for (; this.#done < histograms.length; this.#done++) {
      ctx.putImageData(column(histograms[this.#done], place, rows, ramp), this.#done, 0);
    }
    this.#blit(u, x, rows);
  }

  #prepare(u, rows, columns, generation) {
    const { min, max, distr } = u.scales.y;
    const key = [min, max, distr, rows, generation, isDark()].join();
    if (key === this.#key && columns <= this.#canvas.width) return;
    this.#key = key;
    this.#done = 0;
    this.#canvas.width = columns + 64;
    this.#canvas.height = rows;
  }

  /** Each column reaches half-way to its neighbours, but not over a long gap. */
  #blit(u, x, rows) {
    const { left, top, width, height } = u.bbox;
    const typical = 1.5 * medianGap(x);
    u.ctx.save();
    u.ctx.beginPath();
    u.ctx.rect(left, top, width, height);
    u.ctx.clip();
    u.ctx.imageSmoothingEnabled = false;
    for (let i = 0; i < x.length; i++) {
      const before = Math.min(typical, i > 0 ? x[i] - x[i - 1] : typical) / 2;
      const after = Math.min(typical, i < x.length - 1 ? x[i + 1] - x[i] : typical) / 2;
      const from = Math.floor(u.valToPos(x[i] - before, "x", true));
      const to = Math.ceil(u.valToPos(x[i] + after, "x", true));
      if (to < left || from > left + width) continue;
      u.ctx.drawImage(this.#canvas, i, 0, 1, rows, from, top, Math.max(1, to - from), height);
    }
    u.ctx.restore();
  }
}

/** Row (a fraction) of a bin's lower edge, remembered: histograms share their bins. */
function positions(u, rows) {
  const known = new Map();
  return (bin) => {
    let at = known.get(bin);
    if (at === undefined) {
      at = (u.valToPos(binEdge(bin), "y", true) - u.bbox.top) * (rows / u.bbox.height);
      known.set(bin, at);
    }
    return at;
  };
}

function column({ bins, counts }, place, rows, ramp) {
  const density = new Float64Array(rows);
  bins.forEach((bin, i) => spread(density, place(bin + 1), place(bin), counts[i]));
  smooth(smooth(density));
  const most = density.reduce((a, b) => Math.max(a, b), 0) || 1;
  const image = new ImageData(1, rows);
  for (let row = 0; row < rows; row++) {
    if (density[row] === 0) continue;
    // The root shows thin tails, which fade into the background.
    const t = Math.sqrt(density[row] / most);
    image.data.set([...ramp(t), 255 * Math.min(1, 2.2 * t)], 4 * row);
  }
  return image;
}

/** Adds a count evenly over the rows from one place to another. */
function spread(density, from, to, count) {
  const first = Math.max(0, Math.floor(from));
  const last = Math.min(density.length - 1, Math.floor(to));
  const per = count / Math.max(to - from, 1e-9);
  for (let row = first; row <= last; row++) {
    density[row] += per * Math.min(to - from, Math.min(to, row + 1) - Math.max(from, row));
  }
}

/**
 * A running mean over a fortieth of the height, in place: bins are far finer than some hundred samples can fill, and the
 * eye would read the holes between them.
 */
function smooth(density) {
  const reach = Math.max(1, Math.round(density.length / 80));
  const sums = new Float64Array(density.length + 1);
  for (let i = 0; i < density.length; i++) sums[i + 1] = sums[i] + density[i];
  for (let i = 0; i < density.length; i++) {
    const from = Math.max(0, i - reach);
    const to = Math.min(density.length, i + reach + 1);
    // Sums that differ by rounding only are no samples.
    density[i] = Math.max(0, sums[to] - sums[from] - 1e-9) / (to - from);
  }
  return density;
}

function medianGap(x) {
  const gaps = [];
  for (let i = 1; i < x.length; i++) gaps.push(x[i] - x[i - 1]);
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? 1;
}
