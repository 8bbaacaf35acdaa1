import { dateTime, whole } from "../lib/format.js";
import { create, html, refs, render, setText } from "../lib/html.js";
import "./cw-state.js";

const keyOf = ({ attempt, state, starts_ms }) => `${attempt}/${state}/${starts_ms}`;

/** The alerts of a run, that which began last first; nothing where there are none. */
class Alerts extends HTMLElement {
  /** @type {Map<string, object>} by what tells an alert from all others */
  #alerts = new Map();
  #refs;

  connectedCallback() {
    this.hidden = true;
    this.#refs = render(
      this,
      html`<section aria-labelledby="alerts-title">
        <h2 id="alerts-title">Alerts</h2>
        <ol data-ref="list" aria-live="polite" tabindex="0" aria-labelledby="alerts-title"></ol>
      </section>`,
    );
  }

  /** Shows exactly these. @param {object[]} alerts of /api/v1/runs/{run} */
  set(alerts) {
    this.#alerts = new Map(alerts.map((alert) => [keyOf(alert), alert]));
    this.#draw();
  }

  /** Takes one that fires, or in its place the same one resolved: that does not fire again. */
  put(alert) {
    const known = this.#alerts.get(keyOf(alert));
    if (known?.status === "resolved" && alert.status === "firing") return;
    this.#alerts.set(keyOf(alert), alert);
    this.#draw();
  }

  /** In no order. @returns {object[]} */
  get all() {
    return [...this.#alerts.values()];
  }

  #draw() {
    const newestFirst = [...this.#alerts.values()].sort((a, b) => b.starts_ms - a.starts_ms);
    this.hidden = newestFirst.length === 0;
    this.#refs.list.replaceChildren(...newestFirst.map(item));
  }
}

function item(alert) {
  const element = create(html`<li><cw-state data-ref="state"></cw-state><span class="when" data-ref="when"></span><span class="step" data-ref="step"></span><span data-ref="reason"></span></li>`);
  const parts = refs(element);
  element.dataset.status = alert.status;
  parts.state.value = alert.state;
  setText(parts.when, `${dateTime(alert.starts_ms)} – ${alert.status === "firing" ? "now" : dateTime(alert.ends_ms)}`);
  parts.when.title = alert.status;
  setText(parts.step, `step ${whole(alert.step)}${alert.attempt ? ` of attempt ${alert.attempt}` : ""}`);
  setText(parts.reason, alert.reason);
  return element;
}

customElements.define("cw-alerts", Alerts);
