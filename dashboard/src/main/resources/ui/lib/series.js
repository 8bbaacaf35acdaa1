import { series } from "./api.js";
import { ofModel } from "./model.js";
import { valueOf } from "./report.js";

const POINTS = 1000;
/** Snapshots are dots, which more of would run into each other. */
const MOST_DOTS = 250;
/** Live rows are added until there are this many times as many as were asked for; then the server thins them again. */
const GROWTH = 3;

const BASE = ["step", "epoch", "timestamp_ms"];

/** @typedef {Record<string, (number|null)[]>} Columns of equal length, rows in order of their step */

/** Some keys of a run over its steps: rolling windows and snapshots apart, loaded once and then grown by reports. */
export class Series {
  /** @type {{rolling: Columns, snapshot: Columns}} */
  tables = { rolling: empty([]), snapshot: empty([]) };
  #loaded = 0;
  #model = null;
  /** Reports that come while the server's answer is on its way, which may be from before them; null otherwise. */
  #meanwhile = null;

  /** @param {string} run @param {string[]} keys @param {number} points of each key to ask for */
  constructor(run, keys, points = POINTS) {
    this.run = run;
    this.keys = keys;
    this.points = points;
  }

  /** @param {{split: string, layer: string, range: [number, number]|null}} where range in steps */
  async load(where) {
    this.where = where;
    if (this.keys.length === 0) return;
    const meanwhile = (this.#meanwhile = []);
    try {
      const [rolling, snapshot] = await Promise.all(["rolling", "snapshot"].map((kind) => this.#fetch(kind)));
      if (this.where !== where) return;
      this.tables = { rolling, snapshot };
      this.#addModel();
      this.#loaded = Math.max(this.points, rolling.step.length);
    } finally {
      if (this.#meanwhile === meanwhile) this.#meanwhile = null;
    }
    meanwhile.forEach((report) => this.append(report));
  }

  async #fetch(kind) {
    const { split, layer, range } = this.where;
    const [from, to] = range ? around(range) : [];
    const points = kind === "snapshot" ? Math.min(MOST_DOTS, this.points) : this.points;
    const answer = await series(this.run, { split, layer, kind, from, to, ...asked(this.keys), points });
    return answer.columns;
  }

  /**
   * A curve whose values go beside those that were measured, each at its step: computed here once and not when it is drawn.
   * @param {import("./model.js").ModelCurve|null} model
   */
  set model(model) {
    if (this.#model === model) return;
    this.#model = model;
    this.#addModel();
  }

  #addModel() {
    for (const columns of Object.values(this.tables)) {
      for (const name of Object.keys(columns)) if (name.startsWith(ofModel(""))) delete columns[name];
      for (const key of this.#modelled()) columns[ofModel(key)] = columns.step.map((step) => this.#model.at(key, step));
    }
  }

  #modelled() {
    return this.#model ? this.keys.filter((key) => this.#model.has(key)) : [];
  }

  /** Takes a report that belongs here; false where it does not or is known. */
  append(report) {
    if (!this.where || report.split !== this.where.split || report.layer !== this.where.layer) return false;
    if (this.keys.length === 0) return false;
    this.#meanwhile?.push(report);
    const columns = this.tables[report.kind];
    const last = columns.step.length - 1;
    if (last >= 0 && report.step_last < columns.step[last]) return false;
    if (last >= 0 && report.step_last === columns.step[last]) replaceLast(columns);
    columns.step.push(report.step_last);
    columns.epoch.push(report.epoch ?? null);
    columns.timestamp_ms.push(report.timestamp_ms);
    for (const key of this.keys) columns[key]?.push(valueOf(report, key));
    for (const key of this.#modelled()) columns[ofModel(key)]?.push(this.#model.at(key, report.step_last));
    return true;
  }

  get overgrown() {
    return !this.#meanwhile && this.tables.rolling.step.length > GROWTH * this.#loaded;
  }
}

/** Keys as the server takes them: layer names are free text and may hold commas, so each of those keys goes alone. */
export function asked(keys) {
  const alone = keys.filter((key) => key.startsWith("norm."));
  const others = keys.filter((key) => !alone.includes(key));
  return { keys: [...(others.length ? [others.join(",")] : []), ...alone] };
}

/** A little more than the range, so that lines run out of the picture and do not end in it. */
function around([from, to]) {
  const margin = Math.ceil((to - from) / 20);
  return [Math.max(0, from - margin), to + margin];
}

function replaceLast(columns) {
  for (const column of Object.values(columns)) column.pop();
}

function empty(keys) {
  return Object.fromEntries([...BASE, ...keys].map((key) => [key, []]));
}
