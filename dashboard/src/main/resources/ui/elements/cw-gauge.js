import { number } from "../lib/format.js";
import { html, render, setText } from "../lib/html.js";

const WORDS =
  "The smallest margin over the largest that any classifier could have at these norms. It reaches 1 exactly at neural collapse:" +
  " the max-margin solution.";
const RADIUS = 80;
const LENGTH = Math.PI * RADIUS;

/** `margin_optimality` on its way to 1, and the margins' key figures below. */
class Gauge extends HTMLElement {
  #refs;

  connectedCallback() {
    this.#refs = render(
      this,
      html`<figure class="panel gauge">
        <header class="panel-head"><h3 title="${WORDS}">Margin optimality</h3></header>
        <svg viewBox="0 0 200 118" role="img" data-ref="svg">
          <path class="track" d="M20 104 A80 80 0 0 1 180 104"></path>
          <path class="value" data-ref="arc" d="M20 104 A80 80 0 0 1 180 104" stroke-dasharray="0 ${LENGTH}"></path>
          <text x="100" y="94" class="gauge-value" data-ref="value">–</text>
          <text x="20" y="117" class="gauge-end">0</text>
          <text x="180" y="117" class="gauge-end">1</text>
        </svg>
        <p class="words">${WORDS}</p>
        <dl class="facts">
          <div><dt>smallest margin</dt><dd data-ref="margin_min"></dd></div>
          <div><dt>median margin</dt><dd data-ref="margin_p50"></dd></div>
          <div><dt>spread (std)</dt><dd data-ref="margin_std"></dd></div>
          <div><dt>accuracy</dt><dd data-ref="accuracy"></dd></div>
          <div><dt title="Class-balanced cross-entropy cannot be lower at these norms">cross-entropy floor</dt><dd data-ref="ce_floor"></dd></div>
        </dl>
      </figure>`,
    );
  }

  /** @param {object} [report] */
  show(report) {
    const metrics = report?.metrics ?? {};
    const value = metrics.margin_optimality;
    const share = Math.min(1, Math.max(0, value ?? 0));
    this.#refs.arc.setAttribute("stroke-dasharray", `${share * LENGTH} ${LENGTH}`);
    setText(this.#refs.value, number(value));
    this.#refs.svg.setAttribute("aria-label", `margin optimality ${number(value)} of 1`);
    const units = { ce_floor: " nats", accuracy: "" };
    for (const key of ["margin_min", "margin_p50", "margin_std", "accuracy", "ce_floor"]) {
      setText(this.#refs[key], number(metrics[key]) + (metrics[key] === undefined ? "" : (units[key] ?? " logits")));
    }
  }
}

customElements.define("cw-gauge", Gauge);
