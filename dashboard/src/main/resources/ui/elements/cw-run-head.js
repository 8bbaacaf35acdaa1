import { dateTime, epoch, number, whole } from "../lib/format.js";
import { create, html, render, setText } from "../lib/html.js";
import { floorWords, trendWords } from "../lib/words.js";
import { tagText } from "./cw-run-row.js";
import "./cw-age.js";
import "./cw-hide.js";
import "./cw-state.js";

/** Which run this is, how it stands and why, and its key figures. */
class RunHead extends HTMLElement {
  #refs;

  connectedCallback() {
    this.#refs = render(
      this,
      html`<div class="run-title"><h1 data-ref="run"></h1><cw-state data-ref="state"></cw-state>
          <a class="quiet compare" data-ref="compare" title="Choose runs to lay over this one" hidden>Compare</a>
          <button type="button" class="quiet hide" data-ref="hide" hidden>Hide run</button></div>
        <p class="reason"><span data-ref="reason"></span> <span data-ref="trend" title="Slope of ln NC1 against ln step over the last reports (Theil and Sen), with its interval"></span></p>
        <dl class="facts" data-ref="facts"></dl>
        <details class="more" data-ref="more"><summary>Settings and tags</summary><dl class="facts" data-ref="settings"></dl></details>
        <cw-hide data-ref="hiding"></cw-hide>`,
    );
    this.#refs.hide.addEventListener("click", () => this.#refs.hiding.ask([this.#refs.run.textContent]));
    this.#refs.hiding.addEventListener("done", () => location.assign("./"));
    this.facts = {};
    for (const name of ["step", "epoch", "classes K", "width d", "reports", "terminal phase", "floor of NC1", "loss", "accuracy", "learning rate", "attempt", "started", "newest"]) {
      this.facts[name] = fact(this.#refs.facts, name);
    }
    this.#refs.age = this.facts.newest.appendChild(create(html`<cw-age></cw-age>`));
  }

  /** @param {object} run an entry of /api/v1/runs */
  update(run) {
    setText(this.#refs.run, run.run);
    this.#refs.hide.hidden = this.#refs.compare.hidden = false;
    this.#refs.compare.href = `compare.html?runs=${encodeURIComponent(run.run)}`;
    this.#refs.state.value = run.state;
    setText(this.#refs.reason, run.reason ? sentence(run.reason) : "");
    setText(this.#refs.trend, run.trend ? trendWords(run.trend) : "");
    this.#judged(run);
    setText(this.facts.step, whole(run.step));
    setText(this.facts.epoch, epoch(run.epoch));
    setText(this.facts["classes K"], whole(run.classes));
    setText(this.facts["width d"], whole(run.dim));
    setText(this.facts.reports, whole(run.reports));
    setText(this.facts.attempt, String(run.attempt));
    this.facts.attempt.parentElement.hidden = run.attempt === 0;
    setText(this.facts.started, run.started_ms ? dateTime(run.started_ms) : "–");
    if (run.last_ms) this.#refs.age.value = run.last_ms;
    this.#writeSettings(run);
  }

  /** What a judge has found; a fact that there is not is not listed. */
  #judged({ terminal_step: step, terminal_epoch: at, floor }) {
    const phase = at === undefined ? `since step ${whole(step)}` : `since epoch ${epoch(at)}, step ${whole(step)}`;
    for (const [name, text] of [["terminal phase", step === undefined ? "" : phase], ["floor of NC1", floor ? floorWords(floor).replace("floor ", "") : ""]]) {
      setText(this.facts[name], text);
      this.facts[name].parentElement.hidden = text === "";
    }
  }

  /** The training loop's own numbers, of the newest report. */
  training({ training = {} }) {
    setText(this.facts.loss, number(training.loss));
    setText(this.facts.accuracy, number(training.accuracy));
    setText(this.facts["learning rate"], number(training.learning_rate));
  }

  #writeSettings({ settings = {}, tags = {} }) {
    const said = Object.entries({ ...settings, ...tags, tags: undefined }).filter(([, value]) => isSaid(value));
    const text = tagText(Object.fromEntries(said.map(([name, value]) => [name, String(value)])));
    this.#refs.more.hidden = said.length === 0;
    if (this.#refs.settings.dataset.text === text) return;
    this.#refs.settings.dataset.text = text;
    this.#refs.settings.replaceChildren();
    for (const [name, value] of said) setText(fact(this.#refs.settings, name), cut(String(value)));
  }
}

/** A reason comes without its full stop. */
const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);

const isSaid = (value) => value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && !value.length);

const cut = (text) => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

function fact(list, name) {
  const item = list.appendChild(create(html`<div><dt></dt><dd></dd></div>`));
  item.firstElementChild.textContent = cut(name.replaceAll("_", " "));
  return item.lastElementChild;
}

customElements.define("cw-run-head", RunHead);
