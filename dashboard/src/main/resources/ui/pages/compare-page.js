import * as api from "../lib/api.js";
import { AXES, place, stepAt, xAt } from "../lib/axis.js";
import { LINE_COLOURS } from "../lib/colours.js";
import { create, html } from "../lib/html.js";
import { say } from "../lib/problem.js";
import { Series } from "../lib/series.js";
import { rangeOf, readView, writeView } from "../lib/view.js";
import { downloads } from "./criteria.js";

const REFRESH_MS = 2000;
/** Beyond seven runs colours come again, with another dash. */
const DASHES = [undefined, [6, 3], [2, 3], [10, 3, 2, 3]];
const POSITIVE = /^(nc|class|samples|between|loss|ce_floor)/;

const find = (selector) => document.querySelector(selector);

/** Several runs over each other for one metric. */
export class ComparePage {
  view = readView(new URLSearchParams(location.search));
  #runs;
  #series = new Map();
  #summaries = new Map();
  #catalog = [];
  #known = { split: new Set(), layer: new Set() };
  #bar = find("cw-view-bar");
  #chart = find("#chart");
  #list = find("cw-run-list");
  #metric = create(html`<select></select>`);
  #changed = new Set();
  #timer = 0;

  /** @param {string[]} runs */
  constructor(runs) {
    this.#runs = runs;
    const label = create(html`<label>Metric </label>`);
    label.append(this.#metric);
    this.#bar.querySelector("form").prepend(label);
    this.#metric.addEventListener("change", () => this.#change({ keys: this.#metric.value }));
    this.#bar.addEventListener("view", (event) => this.#change(event.detail));
    this.#bar.addEventListener("zoomby", (event) => (event.detail ? this.#chart.zoomBy(event.detail) : this.#zoom(null)));
    this.#chart.addEventListener("zoom", (event) => this.#zoom(event.detail));
    this.#chart.classList.add("compared");
  }

  get #key() {
    return this.view.keys.split(",")[0] || "nc1";
  }

  async load() {
    const [catalog, ...found] = await Promise.all([
      api.catalog().catch(() => ({ metrics: this.#catalog })),
      ...this.#runs.map((run) => api.run(run).catch((problem) => ({ problem, run }))),
    ]);
    this.#catalog = catalog.metrics;
    this.#showProblems(found.filter(({ problem }) => problem));
    for (const { run, latest } of found.filter(({ problem }) => !problem)) this.#learn(run, latest);
    this.#list.set([...this.#summaries.values()], (i) => style(i));
    this.#fillMetrics();
    this.#reload();
  }

  #learn(run, latest) {
    this.#summaries.set(run.run, run);
    for (const { split, layer } of latest) {
      this.#known.split.add(split);
      this.#known.layer.add(layer);
    }
  }

  #showProblems(problems) {
    if (this.#runs.length === 0) say("Choose runs to compare on the page of all runs.");
    else say(problems.map(({ problem, run }) => `${run} could not be loaded: ${problem.message}.`).join(" "));
  }

  #fillMetrics() {
    const more = ["loss", "accuracy_training", "learning_rate", "completeness"].map((key) => ({ key, help: "" }));
    this.#metric.replaceChildren(
      ...[...this.#catalog, ...more].map(({ key, help }) => {
        const option = new Option(key, key);
        option.title = help;
        return option;
      }),
    );
    this.#metric.value = this.#key;
  }

  #reload() {
    this.#bar.show(this.view, [...this.#known.split], [...this.#known.layer]);
    this.#define();
    for (const run of this.#summaries.keys()) this.#series.set(run, new Series(run, [this.#key]));
    return this.#fetch([...this.#summaries.keys()]);
  }

  async #fetch(runs) {
    const { split, layer } = this.view;
    const where = { split, layer, range: rangeOf(this.view) };
    await Promise.all(runs.map((run) => this.#series.get(run).load(where).catch(() => {})));
    this.#draw();
  }

  #define() {
    const axis = AXES[this.view.x];
    const { unit, help } = this.#catalog.find(({ key }) => key === this.#key) ?? {};
    const runs = [...this.#summaries.keys()];
    this.#chart.define({
      title: this.#key,
      help,
      subject: "compare",
      sync: "compare",
      xLabel: axis.label,
      xName: axis.name,
      formatX: axis.format,
      yLabel: unit || "dimensionless",
      scale: this.view.y === "log" && POSITIVE.test(this.#key) ? "log" : "linear",
      lines: this.#kinds().flatMap((kind) => runs.map((run, i) => ({ key: run, label: run, dots: kind === "snapshot", ...style(i) }))),
      downloads: runs.flatMap((run) =>
        downloads(run, this.view, [this.#key]).map((link) => ({ ...link, label: `${run}: ${link.label}` })),
      ),
    });
  }

  #kinds() {
    return ["rolling", "snapshot"].filter((kind) => this.view.kind === "both" || this.view.kind === kind);
  }

  #draw() {
    const tables = this.#kinds().flatMap((kind) =>
      [...this.#series.values()].map(({ tables }) => place(tables[kind], this.view.x, [tables[kind][this.#key]])),
    );
    const range = rangeOf(this.view);
    if (tables.length) this.#chart.draw(tables, range && range.map((step) => xAt(this.#reference(), this.view.x, step)));
  }

  /** Steps and epochs are matched by the run that went furthest. */
  #reference() {
    const tables = [...this.#series.values()].flatMap(({ tables: { rolling, snapshot } }) => [rolling, snapshot]);
    const end = ({ step }) => step[step.length - 1] ?? -1;
    return tables.reduce((best, table) => (end(table) > end(best) ? table : best));
  }

  /** A summary has no other metric than nc1: what changed is fetched, at most every two seconds. */
  changed(summary) {
    const known = this.#summaries.get(summary.run);
    if (!known) return;
    this.#summaries.set(summary.run, { ...known, ...summary });
    this.#list.update(summary);
    if (summary.step !== known.step) this.#changed.add(summary.run);
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      const runs = [...this.#changed];
      this.#changed.clear();
      this.#fetch(runs);
    }, REFRESH_MS);
  }

  #zoom(range) {
    if (!range) return this.#change({ from: "", to: "" });
    const [from, to] = range.map((x) => Math.max(0, stepAt(this.#reference(), this.view.x, x)));
    if (to > from) this.#change({ from: String(from), to: String(to) });
  }

  #change(changes) {
    this.view = { ...this.view, ...changes };
    writeView(this.view);
    this.#reload();
  }
}

function style(i) {
  return {
    colour: LINE_COLOURS[i % LINE_COLOURS.length],
    dash: DASHES[Math.floor(i / LINE_COLOURS.length) % DASHES.length],
  };
}
