import * as api from "../lib/api.js";
import { AXES, place, stepAt, xAt } from "../lib/axis.js";
import { LINE_COLOURS } from "../lib/colours.js";
import { number } from "../lib/format.js";
import { create, html, setText } from "../lib/html.js";
import { say } from "../lib/problem.js";
import { Series } from "../lib/series.js";
import { rangeOf, readView, writeView } from "../lib/view.js";
import { isSimulated } from "../lib/words.js";
import { downloads } from "./criteria.js";

const REFRESH_MS = 2000;
/** Beyond seven runs colours come again, with another dash. */
const DASHES = [undefined, [2, 3], [10, 3, 2, 3], [1, 2]];
/** Of a simulated run, whichever it is. */
const SIMULATED = [7, 4];
/** An axis on which runs whose steps are of different units lie over each other: each is measured by its own terminal phase. */
const PHASE = {
  label: "step ÷ first step of the run's terminal phase",
  name: "step ÷ terminal step",
  format: number,
};
const POSITIVE = /^(nc|class|samples|between|loss|ce_floor)/;

const find = (selector) => document.querySelector(selector);

/** Several runs over each other for one metric. */
export class ComparePage {
  view = readView(new URLSearchParams(location.search), ["phase"]);
  #runs;
  #series = new Map();
  #summaries = new Map();
  #catalog = [];
  #known = { split: new Set(), layer: new Set() };
  #bar = find("cw-view-bar");
  #chart = find("#chart");
  #list = find("cw-run-list");
  #metric = create(html`<select></select>`);
  #more = create(html`<select aria-label="Add a run to the comparison"></select>`);
  #changed = new Set();
  #timer = 0;

  /** @param {string[]} runs */
  constructor(runs) {
    this.#runs = runs;
    const label = create(html`<label>Metric </label>`);
    label.append(this.#metric);
    const form = this.#bar.querySelector("form");
    form.prepend(label);
    form.querySelector(".zoom").before(this.#more);
    form.querySelector("[name=x]").append(new Option("step ÷ terminal step", "phase"));
    this.#more.addEventListener("change", () => this.#setRuns([...this.#runs, this.#more.value]));
    this.#list.addEventListener("remove", (event) => this.#setRuns(this.#runs.filter((run) => run !== event.detail)));
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
    const [catalog, all, ...found] = await Promise.all([
      api.catalog().catch(() => ({ metrics: this.#catalog })),
      api.runs().catch(() => ({ runs: [] })),
      ...this.#runs.map((run) => api.run(run).catch((problem) => ({ problem, run }))),
    ]);
    this.#catalog = catalog.metrics;
    this.#showProblems(found.filter(({ problem }) => problem));
    this.#summaries.clear();
    this.#series.clear();
    for (const { run, latest } of found.filter(({ problem }) => !problem)) this.#learn(run, latest);
    this.#list.set([...this.#summaries.values()], ({ run }) => this.#style(run));
    this.#offer(all.runs);
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

  /** Runs that may be added; simulated ones are said to be. */
  #offer(runs) {
    const others = runs.filter(({ run }) => !this.#summaries.has(run));
    this.#more.replaceChildren(
      new Option("Add a run …", ""),
      ...others.map((one) => new Option(isSimulated(one) ? `${one.run} (simulated)` : one.run, one.run)),
    );
    this.#more.disabled = others.length === 0;
  }

  #setRuns(runs) {
    this.#runs = runs.filter(Boolean);
    const query = new URLSearchParams(location.search);
    query.set("runs", this.#runs.join(","));
    history.replaceState(null, "", `?${query}`);
    return this.load();
  }

  /** Each run its colour, and a model's line dashed. */
  #style(run) {
    const i = [...this.#summaries.keys()].indexOf(run);
    const dash = isSimulated(this.#summaries.get(run)) ? SIMULATED : DASHES[Math.floor(i / LINE_COLOURS.length) % DASHES.length];
    return { colour: LINE_COLOURS[i % LINE_COLOURS.length], dash };
  }

  /** What one must know to read runs of different kinds over each other. */
  #note() {
    const runs = [...this.#summaries.values()];
    if (this.view.x === "phase") {
      const without = runs.filter(({ terminal_step: step }) => !step).map(({ run }) => run);
      return without.length ? `Without a terminal phase, and so not on this axis: ${without.join(", ")}.` : "";
    }
    const mixed = runs.some(isSimulated) && !runs.every(isSimulated);
    return mixed
      ? "A simulated run counts the steps of its model, which are of another unit than a training's: compare heights and slopes, or measure each run over its terminal step."
      : "";
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
    const range = rangeOf(this.view);
    const load = (run) => this.#series.get(run)?.load({ split, layer, range: range && this.#ownSteps(run, range) });
    await Promise.all(runs.map((run) => load(run)?.catch(() => {})));
    this.#draw();
  }

  /** The range is kept in steps of the run that went furthest; on the phase's axis others have another range. */
  #ownSteps(run, range) {
    if (this.view.x !== "phase") return range;
    const scale = (this.#summaries.get(run).terminal_step ?? 0) / this.#furthest().terminal_step;
    return range.map((step) => Math.round(step * scale));
  }

  #define() {
    setText(find("#note"), this.#note());
    const axis = AXES[this.view.x] ?? PHASE;
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
      lines: this.#kinds().flatMap((kind) => runs.map((run) => ({ key: run, label: run, dots: kind === "snapshot", ...this.#style(run) }))),
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
      [...this.#series].map(([run, { tables }]) => this.#place(run, tables[kind])),
    );
    const range = rangeOf(this.view);
    if (tables.length) this.#chart.draw(tables, range && range.map((step) => this.#xAt(step)));
  }

  #place(run, columns) {
    const cells = [columns[this.#key]];
    if (this.view.x !== "phase") return place(columns, this.view.x, cells);
    const first = this.#summaries.get(run).terminal_step;
    if (!first) return { x: [], columns: [[]] };
    return place({ ...columns, step: columns.step.map((step) => step / first) }, "step", cells);
  }

  #xAt(step) {
    return this.view.x === "phase" ? step / this.#furthest().terminal_step : xAt(this.#reference(), this.view.x, step);
  }

  #stepAt(x) {
    return this.view.x === "phase" ? Math.round(x * this.#furthest().terminal_step) : stepAt(this.#reference(), this.view.x, x);
  }

  /** The run on the phase's axis whose steps its range is kept in. */
  #furthest() {
    const there = [...this.#summaries.values()].filter(({ terminal_step: step }) => step);
    return there.reduce((best, run) => (run.step > best.step ? run : best), { step: -1, terminal_step: 1 });
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
    const [from, to] = range.map((x) => Math.max(0, this.#stepAt(x)));
    if (to > from) this.#change({ from: String(from), to: String(to) });
  }

  #change(changes) {
    this.view = { ...this.view, ...changes };
    writeView(this.view);
    this.#reload();
  }
}
