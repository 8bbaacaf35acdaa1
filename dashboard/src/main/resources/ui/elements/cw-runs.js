import { html, render, setText } from "../lib/html.js";
import { RunRow } from "./cw-run-row.js";
import "./cw-empty.js";
import "./cw-hide.js";

const COLUMNS = [
  { key: "run", label: "Run", descending: false },
  { key: "state", label: "State", descending: false },
  { key: "nc1", label: "nc1", descending: false, numeric: true },
  { key: "step", label: "Step", descending: true, numeric: true },
  { key: "epoch", label: "Epoch", descending: true, numeric: true },
  { key: "classes", label: "K × d", title: "classes × width of the layer", descending: true, numeric: true },
  { key: "last_ms", label: "Age", descending: true, numeric: true },
  { key: "started_ms", label: "Started", descending: true, hidden: true },
];

/** The table of all runs: filter, sort, choice of runs to compare. */
class Runs extends HTMLElement {
  /** @type {Map<string, RunRow>} */
  #rows = new Map();
  // The newest run first: unlike the age, that order holds still while runs are live.
  #sort = { key: "started_ms", descending: true };
  #refs;

  connectedCallback() {
    this.#refs = render(
      this,
      html`<div class="runs-top">
          <h1>Runs</h1>
          <input type="search" data-ref="filter" placeholder="Filter by name, state, tag" aria-label="Filter runs" spellcheck="false">
          <select data-ref="order" aria-label="Sort by">
            ${COLUMNS.map(({ key, label }) => html`<option value="${key}">${label}</option>`)}
          </select>
          <span class="count" data-ref="count" role="status"></span>
          <a class="button" data-ref="compare" title="Choose two runs or more">Compare</a>
          <button type="button" data-ref="hide">Hide</button>
        </div>
        <table class="runs" data-ref="table" hidden>
          <thead><tr>
            <th class="pick"><span class="unseen">Choose</span></th>
            ${COLUMNS.filter((column) => !column.hidden).map(head)}
          </tr></thead>
          <tbody data-ref="body"></tbody>
        </table>
        <cw-empty data-ref="empty" hidden></cw-empty>
        <cw-hide data-ref="hiding"></cw-hide>`,
    );
    this.#refs.filter.addEventListener("input", () => this.#arrange());
    this.#refs.order.value = this.#sort.key;
    this.#refs.order.addEventListener("change", () => this.#sortBy(this.#refs.order.value));
    this.#refs.body.addEventListener("change", () => this.#offer());
    this.#refs.hide.addEventListener("click", () => this.#refs.hiding.ask(this.#picked()));
    for (const button of this.querySelectorAll("th button")) {
      button.addEventListener("click", () => this.#sortBy(button.value));
    }
  }

  /** Shows exactly these runs. @param {object[]} summaries of /api/v1/runs */
  set(summaries) {
    const known = new Set(summaries.map((summary) => summary.run));
    for (const run of this.#rows.keys()) if (!known.has(run)) this.#rows.delete(run);
    summaries.forEach((summary) => this.#put(summary));
    this.#arrange();
  }

  /** Takes what changed, in one go. @param {object[]} summaries */
  update(summaries) {
    const before = this.#rows.size;
    summaries.forEach((summary) => this.#put(summary));
    // Rows do not run away from under a pointer or the focus.
    const busy = this.#refs.table.matches(":hover, :focus-within");
    const still = this.#sort.key === "started_ms" && this.#words().length === 0;
    if (this.#rows.size !== before || (!busy && !still)) this.#arrange();
  }

  remove(run) {
    this.#rows.delete(run);
    this.#arrange();
  }

  #put(summary) {
    const row = this.#rows.get(summary.run);
    if (row) row.update(summary);
    else this.#rows.set(summary.run, new RunRow(summary));
  }

  #sortBy(key) {
    const column = COLUMNS.find((one) => one.key === key);
    const again = this.#sort.key === key;
    this.#sort = { key, descending: again ? !this.#sort.descending : column.descending };
    this.#refs.order.value = key;
    this.#arrange();
  }

  /** What to filter by. */
  #words() {
    return this.#refs.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  }

  #arrange() {
    const words = this.#words();
    const rows = [...this.#rows.values()].filter((row) => row.matches(words)).sort(by(this.#sort));
    const elements = rows.map((row) => row.element);
    const body = this.#refs.body;
    if (elements.length !== body.children.length || elements.some((one, i) => body.children[i] !== one)) {
      body.replaceChildren(...elements);
    }
    this.#markSorted();
    this.#count(rows.length);
    this.#offer();
  }

  #markSorted() {
    for (const button of this.querySelectorAll("th button")) {
      const sorted = button.value === this.#sort.key ? (this.#sort.descending ? "descending" : "ascending") : "none";
      button.parentElement.setAttribute("aria-sort", sorted);
    }
  }

  #count(shown) {
    const all = this.#rows.size;
    this.#refs.table.hidden = all === 0;
    this.#refs.empty.hidden = all > 0;
    const runs = all === 1 ? "run" : "runs";
    setText(this.#refs.count, all === 0 ? "" : shown === all ? `${all} ${runs}` : `${shown} of ${all} ${runs}`);
  }

  #picked() {
    return [...this.#rows.values()].filter((row) => row.picked).map((row) => row.summary.run);
  }

  /** What can be done with the runs that are chosen. */
  #offer() {
    const picked = this.#picked();
    const { compare, hide } = this.#refs;
    setText(compare, picked.length < 2 ? "Compare" : `Compare ${picked.length} runs`);
    setText(hide, picked.length < 2 ? "Hide" : `Hide ${picked.length} runs`);
    hide.disabled = picked.length === 0;
    if (picked.length < 2) compare.removeAttribute("href");
    else compare.href = `compare.html?runs=${picked.map(encodeURIComponent).join(",")}`;
    for (const action of [compare, hide]) action.hidden = this.#rows.size === 0;
  }
}

function head({ key, label, numeric, title }) {
  const spark = key === "nc1" ? html`<th><span title="from 1 at the top to 0.001 at the bottom, logarithmic, the same for every run">nc1 over steps</span></th>` : "";
  return html`${spark}<th class="${numeric ? "n" : ""}"><button type="button" value="${key}" title="${title ?? ""}">${label}</button></th>`;
}

/** What is absent comes last in either direction; equal runs are in the order of their names. */
function by({ key, descending }) {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const [x, y] = [a.summary[key], b.summary[key]];
    if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
    const order = typeof x === "string" ? x.localeCompare(y, "en", { numeric: true }) : x - y;
    return sign * order || a.summary.run.localeCompare(b.summary.run, "en", { numeric: true });
  };
}

customElements.define("cw-runs", Runs);
