import { AXES, place } from "../lib/axis.js";
import { Density } from "../lib/density.js";
import { create, html } from "../lib/html.js";
import { QUANTILES } from "../lib/margin-series.js";
import { colour } from "../lib/theme.js";
import "./cw-chart.js";

const HELP =
  "A margin is how much larger a sample's logit of its own class is than the largest other one: below 0 it is classified wrongly." +
  " At collapse all margins are the same. The darker (lighter in the dark theme), the more samples have that margin.";

const STYLES = {
  margin_p01: { width: 1, dash: [1, 4] },
  margin_p05: { width: 1.2, dash: [5, 4] },
  margin_p25: { width: 1.2 },
  margin_p50: { width: 2.4 },
  margin_p75: { width: 1.2 },
  margin_p95: { width: 1.2, dash: [5, 4] },
  margin_p99: { width: 1, dash: [1, 4] },
};
const NAMES = { margin_p50: "median" };

/** How the margins are distributed over time: a heatmap below its quantiles. Fires `view` with a changed choice. */
class Margins extends HTMLElement {
  #density = new Density();
  #x = [];
  #histograms = [];
  #generation = "";
  #selects = {};

  connectedCallback() {
    if (this.chart) return;
    this.chart = this.appendChild(document.createElement("cw-chart"));
    this.chart.classList.add("tall");
    this.#addSelect("margins", "scale of the margins", [["linear", "linear"], ["log", "logarithmic"]]);
    this.#addSelect("source", "which samples", [["window", "samples of the window"], ["seen", "every row trained on"]]);
  }

  #addSelect(name, label, choices) {
    const select = create(html`<select class="quiet" aria-label="${label}" title="${label}">
      ${choices.map(([value, text]) => html`<option value="${value}">${text}</option>`)}
    </select>`);
    select.addEventListener("change", () => this.dispatchEvent(new CustomEvent("view", { detail: { [name]: select.value } })));
    this.chart.tools.prepend(select);
    this.#selects[name] = select;
  }

  /** @param {object} view @param {string} kind of windows @param {object} more of the chart: subject, downloads */
  define(view, kind, more) {
    for (const [name, select] of Object.entries(this.#selects)) select.value = view[name];
    const axis = AXES[view.x];
    this.chart.define({
      ...more,
      title: `Margins of ${kind === "snapshot" ? "snapshots" : "rolling windows"} over time`,
      help: HELP,
      xLabel: axis.label,
      xName: axis.name,
      formatX: axis.format,
      yLabel: "margin (logits)",
      scale: view.margins === "log" ? "asinh" : "linear",
      lines: QUANTILES.map((key) => ({ key, label: NAMES[key] ?? key.slice(7), colour: "--quantile", ...STYLES[key] })),
      underlay: (u) => this.#underlay(u),
    });
  }

  /** @param {import("../lib/margin-series.js").MarginSeries} series */
  draw(series, axisName, range, marks) {
    const quantiles = QUANTILES.map((key) => series.quantiles[key]);
    const placed = place(series.columns, axisName, [series.histograms, ...quantiles]);
    this.#histograms = placed.columns.shift();
    this.#x = placed.x;
    this.#generation = `${series.generation}/${axisName}`;
    this.chart.draw([placed], range, marks);
  }

  #underlay(u) {
    if (this.#x.length === 0) return;
    this.#density.draw(u, this.#x, this.#histograms, this.#generation);
    zeroLine(u);
  }
}

/** Below it a sample is classified wrongly. */
function zeroLine(u) {
  const { min, max } = u.scales.y;
  if (min >= 0 || max <= 0) return;
  const y = Math.round(u.valToPos(0, "y", true)) + 0.5;
  u.ctx.save();
  u.ctx.strokeStyle = colour("--ink-3");
  u.ctx.lineWidth = devicePixelRatio;
  u.ctx.beginPath();
  u.ctx.moveTo(u.bbox.left, y);
  u.ctx.lineTo(u.bbox.left + u.bbox.width, y);
  u.ctx.stroke();
  u.ctx.restore();
}

customElements.define("cw-margins", Margins);
