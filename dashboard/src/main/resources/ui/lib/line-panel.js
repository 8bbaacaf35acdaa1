import { AXES, place } from "./axis.js";
import { LINE_COLOURS } from "./colours.js";
import { ofModel } from "./model.js";

const KINDS = ["rolling", "snapshot"];
/** Not in the colour of what was measured, which is the one thing that it must not be taken for. */
const MODEL_LINE = { colour: "--ink", dash: [6, 4], width: 1.5 };

/**
 * A chart of some keys of a series: rolling windows as lines, snapshots as dots in the same colour, and a model's curve dashed.
 */
export class LinePanel {
  /**
   * @param {import("../elements/cw-chart.js").Chart} chart
   * @param {object} content
   * @param {import("./series.js").Series} content.series
   * @param {() => string[]} content.keys to draw now
   * @param {(view: object) => object} content.makeUp title, yLabel, scale … for a view
   * @param {(view: object) => import("./model.js").ModelCurve|null} [content.model] to draw beside
   * @param {(view: object, keys: string[]) => string} [content.caption] below the chart
   */
  constructor(chart, { series, keys, makeUp, model, caption }) {
    this.element = chart;
    this.series = series;
    this.keys = keys;
    this.makeUp = makeUp;
    this.model = model ?? (() => null);
    this.caption = caption ?? (() => "");
  }

  /** Takes another view; the series must be loaded anew. */
  define(view) {
    const axis = AXES[view.x];
    this.view = view;
    this.shown = this.keys();
    this.series.keys = this.shown;
    const model = this.model(view);
    this.series.model = model;
    this.modelled = this.shown.filter((key) => model?.has(key));
    const made = this.makeUp(view);
    this.element.define({
      xLabel: axis.label,
      xName: axis.name,
      formatX: axis.format,
      ...made,
      titles: { ...made.titles, ...Object.fromEntries(this.modelled.map((key) => [ofModel(key), model.sentence(key)])) },
      lines: this.#kinds().flatMap((kind) => [
        ...this.shown.map((key, i) => line(made, key, i, kind)),
        ...this.modelled.map((key) => ({ key: ofModel(key), label: model.name, ...MODEL_LINE })),
      ]),
    });
  }

  #kinds() {
    return KINDS.filter((kind) => this.view.kind === "both" || this.view.kind === kind);
  }

  /** @param {[number, number]|null} range of x @param {import("./marks.js").Marks} [marks] */
  draw(range, marks) {
    const kinds = this.#kinds();
    // Over the windows it was fitted to; over passes where a run has nothing else.
    const beside = kinds.find((kind) => this.series.tables[kind].step.length > 0);
    const tables = kinds.map((kind) => this.#table(this.series.tables[kind], kind === beside));
    this.element.draw(tables, range, marks);
    this.element.caption = this.caption(this.view, this.shown);
  }

  #table(columns, withModel) {
    const model = this.modelled.map((key) => (withModel ? columns[ofModel(key)] : undefined));
    return place(columns, this.view.x, [...this.shown.map((key) => columns[key]), ...model]);
  }
}

function line({ labels = {}, colours = LINE_COLOURS }, key, i, kind) {
  return { key, label: labels[key] ?? key, colour: colours[i % colours.length], dots: kind === "snapshot" };
}
