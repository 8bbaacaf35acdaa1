import { epoch, number, whole } from "../lib/format.js";
import { create, html, refs, setText } from "../lib/html.js";
import "./cw-age.js";
import "./cw-sparkline.js";
import "./cw-state.js";

/** Where a run's page is. */
export const runAddress = (run) => `run.html?run=${encodeURIComponent(run)}`;

/** One run of the table: its row and the summary that the row shows. */
export class RunRow {
  #refs;

  /** @param {object} summary an entry of /api/v1/runs */
  constructor(summary) {
    this.summary = summary;
    this.element = create(html`<tr>
      <td class="pick"><input type="checkbox" data-ref="pick"></td>
      <td class="name"><a data-ref="link"></a><div class="tags" data-ref="tags"></div></td>
      <td class="stands"><div class="stand"><span><cw-state data-ref="state"></cw-state> <b class="alerts" data-ref="alerts"></b></span><div class="reason" data-ref="reason"></div></div></td>
      <td class="spark"><cw-sparkline data-ref="spark"></cw-sparkline></td>
      <td class="n nc1 headline" data-ref="nc1"></td>
      <td class="n step" data-ref="step"></td>
      <td class="n epoch" data-ref="epoch"></td>
      <td class="n shape" data-ref="shape"></td>
      <td class="n age"><cw-age data-ref="age"></cw-age></td>
    </tr>`);
    this.#refs = refs(this.element);
    this.#refs.link.href = runAddress(summary.run);
    this.#refs.link.textContent = summary.run;
    this.#refs.link.title = summary.run;
    this.#refs.pick.value = summary.run;
    this.#refs.pick.setAttribute("aria-label", `Choose ${summary.run}`);
    this.update(summary);
  }

  get picked() {
    return this.#refs.pick.checked;
  }

  /** Takes a newer summary; one without a spark lets the curve grow by its newest value. */
  update(summary) {
    const spark = summary.spark;
    this.summary = { ...this.summary, alerts_firing: 0, ...summary };
    if (spark) this.#refs.spark.set(spark.step, spark.nc1);
    else this.#refs.spark.push(summary.step, summary.nc1);
    this.#write(this.summary);
  }

  #write(run) {
    this.#refs.state.value = run.state;
    setText(this.#refs.reason, run.reason ?? "");
    this.#refs.reason.title = run.reason ?? "";
    this.#writeAlerts(run.alerts_firing ?? 0);
    this.#writeTags(run.tags ?? {});
    setText(this.#refs.nc1, number(run.nc1));
    setText(this.#refs.step, whole(run.step));
    setText(this.#refs.epoch, epoch(run.epoch));
    setText(this.#refs.shape, run.classes || run.dim ? `${run.classes ?? "?"} × ${run.dim ?? "?"}` : "–");
    if (run.last_ms) this.#refs.age.value = run.last_ms;
  }

  #writeAlerts(firing) {
    setText(this.#refs.alerts, firing ? `! ${firing}` : "");
    this.#refs.alerts.hidden = !firing;
    this.#refs.alerts.title = firing === 1 ? "an alert fires" : `${firing} alerts fire`;
  }

  #writeTags(tags) {
    const text = tagText(tags);
    setText(this.#refs.tags, text);
    this.#refs.tags.hidden = text === "";
    this.#refs.tags.title = text;
  }

  /** Whether every word is in the run's name, state, reason or tags. */
  matches(words) {
    const text = `${this.summary.run} ${this.summary.state} ${this.summary.reason} ${tagText(this.summary.tags ?? {})}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }
}

const LONGEST_TAG = 200;

/** Tags in a line; a tag may be of any length, what is shown of it is not. */
export function tagText(tags) {
  return Object.entries(tags)
    .map(([name, value]) => `${cut(name)}: ${cut(value)}`)
    .join(" · ");
}

function cut(text) {
  return text.length > LONGEST_TAG ? `${text.slice(0, LONGEST_TAG)}…` : text;
}
