import { AXES, place } from "./axis.js";
import { LINE_COLOURS } from "./colours.js";

const KINDS = ["rolling", "snapshot"];

/**
 * A chart of some keys of a series: rolling windows as lines, snapshots as dots in the same colour.
 */
export class LinePanel {
  /**
   * @param {import("../elements/cw-chart.js").Chart} chart
   * @param {object} content
   * @param {import("./series.js").Series} content.series
   * @param {() => string[]} content.keys to draw now
   * @param {(view: object) => object} content.makeUp title, yLabel, scale … for a view
   */
  constructor(chart, { series, keys, makeUp }) {
    this.element = chart;
    this.series = series;
    this.keys = keys;
    this.makeUp = makeUp;
  }

  /** Takes another view; the series must be loaded anew. */
  define(view) {
    const axis = AXES[view.x];
    this.view = view;
    this.shown = this.keys();
    this.series.keys = this.shown;
    this.element.define({
      xLabel: axis.label,
      xName: axis.name,
      formatX: axis.format,
      ...this.makeUp(view),
      lines: this.#kinds().flatMap((kind) => this.shown.map((key, i) => this.#line(key, i, kind))),
    });
  }

  #line(key, i, kind) {
    const { labels = {}, colours = LINE_COLOURS } = this.makeUp(this.view);
    return { key, label: labels[key] ?? key, colour: colours[i % colours.length], dots: kind === "snapshot" };
  }

  #kinds() {
    return KINDS.filter((kind) => this.view.kind === "both" || this.view.kind === kind);
  }

  /** @param {[number, number]|null} range of x */
  draw(range) {
    this.element.draw(this.#kinds().map((kind) => this.#table(this.series.tables[kind])), range);
  }

  #table(columns) {
    return place(columns, this.view.x, this.shown.map((key) => columns[key]));
  }
}
