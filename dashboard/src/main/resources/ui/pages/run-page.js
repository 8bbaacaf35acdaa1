import * as api from "../lib/api.js";
import { place, stepAt, xAt } from "../lib/axis.js";
import { MarginSeries } from "../lib/margin-series.js";
import { marksOf } from "../lib/marks.js";
import { ModelCurve, isJudged } from "../lib/model.js";
import { Pace } from "../lib/pace.js";
import { say } from "../lib/problem.js";
import { headlineKeys } from "../lib/report.js";
import { Series } from "../lib/series.js";
import { rangeOf, readView, writeView } from "../lib/view.js";
import { Visible } from "../lib/visible.js";
import { byCriterion, criteriaPanels, downloads } from "./criteria.js";
import { classParts } from "./classes.js";
import { trainingPanels } from "./training.js";

/** Points of the whole run, behind the strip and the extent of the charts. */
const FEW = 200;

const find = (selector) => document.querySelector(selector);

/** The page of one run: what it has, what of that is shown, and how the one gets to the other. */
export class RunPage {
  view = readView(new URLSearchParams(location.search));
  #visible = new Visible();
  #pace = new Pace();
  #run = null;
  /** @type {Map<string, object>} the newest report of each split, layer and kind */
  #latest = new Map();
  #catalog = { metrics: [], checks: [] };
  /** @type {ModelCurve|null} fitted to the run */
  #model = null;
  /** What is marked on every chart, until something of it changes. */
  #marks = null;
  /** The headlines over all of the run, whatever part of it the charts show. */
  #whole;
  #wholeLoaded;
  #marginSeries;
  #panels = [];
  #head = find("cw-run-head");
  #alerts = find("cw-alerts");
  #bar = find("cw-view-bar");
  #marginMap = find("cw-margins");
  #gauge = find("cw-gauge");
  #theory = find("cw-theory");
  #window = document.createElement("cw-window");

  constructor(run) {
    this.run = run;
    this.#whole = new Series(run, [], FEW);
    this.#marginSeries = new MarginSeries(run);
    this.#bar.addEventListener("view", (event) => this.#change(event.detail));
    this.#bar.addEventListener("zoomby", (event) => this.#zoomBy(event.detail));
    this.#marginMap.addEventListener("view", (event) => this.#change(event.detail));
    find("main").addEventListener("zoom", (event) => this.#zoom(event.detail));
  }

  // ---- what panels ask of the page

  metrics = () => this.#catalog.metrics;
  model = (view) => (isJudged(view) ? this.#model : null);
  anyReport = () => this.#report("rolling") ?? this.#report("snapshot");
  newSeries = (keys) => new Series(this.run, keys);

  chosen(name) {
    const chosen = byCriterion(this.view.keys.split(","))[name];
    return chosen.length ? chosen : [headlineKeys(this.anyReport())[name]];
  }

  choose(name, keys) {
    const all = { ...byCriterion(this.view.keys.split(",")), [name]: keys };
    this.#change({ keys: Object.values(all).flat().join(",") });
  }

  // ---- loading

  /** Everything anew: at the start, and when the connection had a gap. */
  async load() {
    try {
      const [{ run, latest, alerts, curve }, catalog] = await Promise.all([api.run(this.run), this.#catalog.metrics.length ? null : api.catalog()]);
      if (catalog) this.#catalog = catalog;
      this.#run = run;
      for (const [key, report] of this.#latest) if (report.attempt < run.attempt) this.#latest.delete(key);
      for (const { report } of latest) this.#latest.set(keyOf(report), report);
      this.#model = curve ? new ModelCurve(curve) : null;
      this.#alerts.set(alerts);
      say("");
      this.#start();
    } catch (problem) {
      showProblem(problem);
    }
  }

  hidden() {
    say("This run was hidden on the server; what is shown is what was loaded before.");
  }

  #start() {
    if (!this.#latest.has(keyOf({ ...this.view, kind: "rolling" })) && !this.#latest.has(keyOf({ ...this.view, kind: "snapshot" }))) {
      this.#takeWhatIsThere();
    }
    if (this.#panels.length === 0) this.#build();
    this.#reload();
  }

  /** A run without the usual split and layer is shown with the first that it has. */
  #takeWhatIsThere() {
    const first = this.#latest.values().next().value;
    if (first) this.view = { ...this.view, split: first.split, layer: first.layer };
  }

  #build() {
    this.#panels = [...criteriaPanels(find("#criteria"), this), ...trainingPanels(find("#training"), this)];
    find("#training").append(this.#window);
    const inPlace = document.querySelectorAll("cw-chart, cw-margins, cw-gauge, cw-cosines, cw-variability, cw-window, cw-theory");
    for (const element of inPlace) this.#visible.watch(element);
  }

  /** Asks the server for what is in sight; the rest when it comes into sight. */
  #reload() {
    this.#marks = null;
    this.#showNewest();
    this.#bar.show(this.view, this.#known("split"), this.#known("layer"));
    this.#wholeLoaded = this.#loadWhole();
    for (const panel of this.#panels) {
      panel.define(this.view);
      panel.menu?.();
      this.#visible.run(panel.element, () => this.#loadPanel(panel));
    }
    this.#visible.run(this.#marginMap, () => this.#loadMargins());
  }

  async #loadWhole() {
    const { split, layer } = this.view;
    this.#whole.keys = Object.values(headlineKeys(this.anyReport()));
    await this.#whole.load({ split, layer, range: null }).catch(showProblem);
    this.#marks = null;
    this.#showGlance();
  }

  async #loadPanel(panel) {
    const { split, layer } = this.view;
    const loads = [this.#wholeLoaded, panel.series.load({ split, layer, range: rangeOf(this.view) })];
    await Promise.all(loads).catch(showProblem);
    this.#draw(panel);
  }

  async #loadMargins() {
    const { split, layer, source } = this.view;
    const kind = this.#marginKind();
    this.#marginMap.define(this.view, kind, {
      subject: this.run,
      downloads: downloads(this.run, { ...this.view, kind }, Object.keys(this.#marginSeries.quantiles)),
    });
    await this.#wholeLoaded;
    const epochOf = (step) => xAt(this.#reference(), "epoch", step);
    await this.#marginSeries
      .load({ split, layer, kind, source, range: rangeOf(this.view), epochOf })
      .catch(showProblem);
    this.#drawMargins();
  }

  #marginKind() {
    const wanted = this.view.kind === "snapshot" ? "snapshot" : "rolling";
    return this.#report(wanted) ? wanted : this.#report("rolling") ? "rolling" : "snapshot";
  }

  // ---- live

  /** @param {object} run a summary newer than the one shown */
  takeSummary(run) {
    if (!this.#run) return;
    if (run.attempt !== this.#run.attempt) this.load();
    const marked = judgement(run) !== judgement(this.#run);
    this.#run = run;
    this.#head.update(run);
    if (marked) this.#remark();
  }

  /** @param {object} alert that fires or is resolved */
  takeAlert(alert) {
    if (!this.#run) return;
    this.#alerts.put(alert);
    this.#remark();
  }

  /** @param {object} curve newly fitted to the run */
  takeCurve(curve) {
    if (!this.#run || curve.attempt < this.#run.attempt) return;
    this.#model = new ModelCurve(curve);
    for (const panel of this.#panels.filter((one) => one.shown.some((key) => key.startsWith("nc")))) {
      panel.define(this.view);
      if (panel.series.where) this.#draw(panel);
    }
  }

  /** Draws what is there with other marks. */
  #remark() {
    this.#marks = null;
    for (const panel of this.#panels) if (panel.series.where) this.#draw(panel);
    if (this.#marginSeries.where) this.#drawMargins();
  }

  /** @param {object[]} reports that came since the last frame */
  takeReports(reports) {
    if (!this.#run) return;
    // What there is to show is known from the first report on.
    if (this.#latest.size === 0) this.load();
    const stale = new Set();
    for (const report of reports) {
      this.#latest.set(keyOf(report), report);
      this.#whole.append(report);
      for (const panel of this.#panels) if (panel.series.append(report)) stale.add(panel);
      if (this.#marginSeries.append(report)) stale.add(this.#marginMap);
    }
    const newest = reports[reports.length - 1].step_last;
    for (const panel of this.#panels) if (stale.has(panel)) this.#drawLive(panel, newest, () => this.#draw(panel));
    if (stale.has(this.#marginMap)) this.#drawLive(this.#marginMap, newest, () => this.#drawMargins());
    this.#showNewest();
    this.#showGlance();
    this.#thinOvergrown();
  }

  #thinOvergrown() {
    if (this.#whole.overgrown) this.#wholeLoaded = this.#loadWhole();
    for (const panel of this.#panels) if (panel.series.overgrown) this.#loadPanel(panel);
    if (this.#marginSeries.overgrown) this.#loadMargins();
  }

  // ---- drawing

  #draw(panel) {
    this.#visible.run(panel.element, () => panel.draw(this.#xRange(), this.#marked()));
  }

  #drawLive(chart, newest, draw) {
    this.#pace.live(chart, this.#reference().step[0] ?? 0, newest, draw);
  }

  #drawMargins() {
    this.#visible.run(this.#marginMap, () => this.#marginMap.draw(this.#marginSeries, this.view.x, this.#xRange(), this.#marked()));
  }

  #marked() {
    return (this.#marks ??= marksOf(this.#run, this.#alerts.all, this.view.x, this.#reference()));
  }

  #showNewest() {
    const rolling = this.#report("rolling");
    const snapshot = this.#report("snapshot");
    const shown = this.view.kind === "snapshot" ? (snapshot ?? rolling) : (rolling ?? snapshot);
    this.#head.update(this.#run);
    const compared = this.view.kind === "rolling" ? [rolling, snapshot] : [snapshot, rolling];
    this.#visible.run(this.#theory, () => this.#theory.show(compared, this.#catalog.checks));
    if (!shown) return;
    this.#head.training(shown);
    this.#visible.run(this.#gauge, () => this.#gauge.show(shown));
    this.#visible.run(this.#window, () => this.#window.show(shown));
    for (const [element, content] of classParts(shown)) this.#visible.run(element, () => element.show(content));
  }

  #showGlance() {
    const columns = this.#reference();
    find("cw-glance").show(
      { rolling: this.#report("rolling"), snapshot: this.#report("snapshot") },
      (key) => ({ step: columns[key] ? columns.step : [], values: columns[key] ?? [] }),
    );
  }

  #report(kind) {
    return this.#latest.get(keyOf({ ...this.view, kind }));
  }

  #known(name) {
    return [...new Set([...this.#latest.values()].map((report) => report[name]))];
  }

  // ---- the view

  #change(changes) {
    this.view = { ...this.view, ...changes };
    writeView(this.view);
    this.#reload();
  }

  #reference() {
    const { rolling, snapshot } = this.#whole.tables;
    return rolling.step.length > 1 ? rolling : snapshot;
  }

  /** The same for every chart, so that one lies below the other. */
  #xRange() {
    const range = rangeOf(this.view);
    return range ? range.map((step) => xAt(this.#reference(), this.view.x, step)) : this.#extent();
  }

  #extent() {
    const { rolling, snapshot } = this.#whole.tables;
    const ends = [rolling, snapshot].map((columns) => place(columns, this.view.x, []).x).flatMap((x) => [x[0], x[x.length - 1]]);
    const there = ends.filter((x) => x !== undefined);
    const [from, to] = [Math.min(...there), Math.max(...there)];
    return from < to ? [from, to] : null;
  }

  /** @param {[number, number]|null} range of x */
  #zoom(range) {
    if (!range) return this.#change({ from: "", to: "" });
    const [from, to] = range.map((x) => Math.max(0, stepAt(this.#reference(), this.view.x, x)));
    if (to - from >= 1) this.#change({ from: String(from), to: String(to) });
  }

  #zoomBy(factor) {
    if (factor === 0) this.#zoom(null);
    else this.#panels[0]?.element.zoomBy(factor);
  }
}

function showProblem({ message }) {
  say(`This run could not be loaded: ${message}.`);
}

/** What of a summary is marked on the charts. */
const judgement = ({ terminal_step: step, terminal_epoch: epoch, floor }) => JSON.stringify([step, epoch, floor]);

const keyOf = ({ split, layer, kind }) => `${split}/${layer}/${kind}`;
