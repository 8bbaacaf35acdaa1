import { margins } from "./api.js";

const POINTS = 200;
const GROWTH = 3;

/** Quantiles that a report carries, lowest first. */
export const QUANTILES = ["margin_p01", "margin_p05", "margin_p25", "margin_p50", "margin_p75", "margin_p95", "margin_p99"];

/** Margin histograms of a run over its steps, with their quantiles: one kind of window, grown by reports. */
export class MarginSeries {
  columns = { step: [], epoch: [], timestamp_ms: [] };
  quantiles = Object.fromEntries(QUANTILES.map((key) => [key, []]));
  /** @type {{bins: number[], counts: number[]}[]} */
  histograms = [];
  /** Changes when rows were replaced and not merely added. */
  generation = 0;
  #loaded = POINTS;
  /** As in a Series: what comes while an answer is on its way. */
  #meanwhile = null;

  constructor(run) {
    this.run = run;
  }

  /**
   * @param {object} where
   * @param {string} where.split
   * @param {string} where.layer
   * @param {string} where.kind
   * @param {string} where.source window or seen
   * @param {[number, number]|null} where.range in steps
   * @param {(step: number) => number|null} where.epochOf a step, which the server does not say here
   */
  async load(where) {
    this.where = where;
    const meanwhile = (this.#meanwhile = []);
    try {
      const { split, layer, kind, source, range } = where;
      const [from, to] = range ?? [];
      this.#take(where, await margins(this.run, { split, layer, kind, source, from, to, points: POINTS }));
    } finally {
      if (this.#meanwhile === meanwhile) this.#meanwhile = null;
    }
    meanwhile.forEach((report) => this.append(report));
  }

  #take(where, { columns, quantiles, bins, counts }) {
    if (this.where !== where) return;
    this.columns = { ...columns, epoch: columns.step.map(where.epochOf) };
    this.quantiles = quantiles;
    this.histograms = bins.map((numbers, i) => ({ bins: numbers, counts: counts[i] }));
    this.#loaded = Math.max(POINTS, this.histograms.length);
    this.generation++;
  }

  append(report) {
    const where = this.where;
    if (!where || report.split !== where.split || report.layer !== where.layer || report.kind !== where.kind) return false;
    this.#meanwhile?.push(report);
    const histogram = where.source === "seen" ? report.margins_seen?.histogram : report.margin_histogram;
    const { step, epoch, timestamp_ms: time } = this.columns;
    if (!histogram || report.step_last <= (step[step.length - 1] ?? -1)) return false;
    step.push(report.step_last);
    epoch.push(report.epoch ?? null);
    time.push(report.timestamp_ms);
    this.histograms.push(histogram);
    for (const key of QUANTILES) this.quantiles[key].push(report.metrics?.[key] ?? null);
    return true;
  }

  get overgrown() {
    return !this.#meanwhile && this.histograms.length > GROWTH * this.#loaded;
  }
}
