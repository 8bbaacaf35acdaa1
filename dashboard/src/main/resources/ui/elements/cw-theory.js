import { number, whole } from "../lib/format.js";
import { create, html, refs, render, setText } from "../lib/html.js";

const NOTHING =
  "The newest reports of this split and layer were not held against theory. That is done where the run says its loss and its" +
  " classifier is captured.";

/** Within a tenth a prediction counts as met, within a half as near: each has a sign, so that none depends on its colour. */
const VERDICTS = [
  { within: Math.log(1.1), name: "met", sign: "✓" },
  { within: Math.log(1.5), name: "near", sign: "≈" },
  { within: Infinity, name: "off", sign: "✗" },
];
/** The scale of the small picture ends at three times and a third. */
const END = Math.log(3);

/** What was measured beside what theory predicts, for the newest report that was held against it. */
class Theory extends HTMLElement {
  #refs;
  #rows = new Map();

  connectedCallback() {
    this.#refs = render(
      this,
      html`<div class="panel theory">
        <p class="theory-of" data-ref="of"></p>
        <p class="theory-remark" data-ref="remark" hidden></p>
        <table data-ref="table" hidden>
          <thead><tr>
            <th scope="col">check</th><th scope="col" class="n">measured</th><th scope="col" class="n">predicted</th>
            <th scope="col" class="n">measured ÷ predicted</th>
          </tr></thead>
          <tbody data-ref="body"></tbody>
        </table>
        <p class="words" data-ref="words" hidden>✓ within a tenth of the prediction · ≈ within a half · ✗ further. A ratio goes to 1 as a run collapses.</p>
      </div>`,
    );
  }

  /**
   * @param {(object|undefined)[]} reports newest ones of a window, the one to prefer first
   * @param {{key: string, unit: string, help: string}[]} catalog of the checks
   */
  show(reports, catalog) {
    const report = reports.find((one) => one?.comparison);
    const comparison = report?.comparison ?? {};
    const checks = catalog.filter(({ key }) => comparison.checks?.[key]);
    setText(this.#refs.of, report ? about(report) : NOTHING);
    setText(this.#refs.remark, sentence(comparison.remark ?? ""));
    this.#refs.remark.hidden = !comparison.remark;
    for (const part of [this.#refs.table, this.#refs.words]) part.hidden = checks.length === 0;
    this.#arrange(checks);
    for (const { key } of checks) write(this.#rows.get(key), comparison.checks[key]);
  }

  #arrange(checks) {
    for (const check of checks) if (!this.#rows.has(check.key)) this.#rows.set(check.key, row(check));
    const wanted = checks.map(({ key }) => this.#rows.get(key).element);
    const { body } = this.#refs;
    if (wanted.length !== body.children.length || wanted.some((one, i) => body.children[i] !== one)) body.replaceChildren(...wanted);
  }
}

/** A remark as the analyzer writes it, without a capital and a full stop, as a sentence. */
function sentence(remark) {
  return remark && `${remark[0].toUpperCase()}${remark.slice(1)}.`;
}

function row({ key, unit, help }) {
  const element = create(html`<tr>
    <th scope="row"><span>${help}</span> <small><code>${key}</code>${unit ? `, ${unit}` : ""}</small></th>
    <td class="n" data-ref="measured"></td><td class="n" data-ref="predicted"></td>
    <td class="n ratio" data-ref="ratio"><span class="scale" aria-hidden="true" data-ref="scale"><i data-ref="dot"></i></span>
      <span class="verdict"><b data-ref="value"></b> <i aria-hidden="true" data-ref="sign"></i><span class="unseen" data-ref="words"></span></span></td>
  </tr>`);
  return { element, ...refs(element) };
}

function write(parts, { measured, predicted, ratio }) {
  setText(parts.measured, number(measured));
  setText(parts.predicted, number(predicted));
  setText(parts.value, number(ratio));
  const verdict = verdictOf(ratio);
  parts.ratio.dataset.verdict = verdict?.name ?? "";
  setText(parts.sign, verdict?.sign ?? "");
  setText(parts.words, verdict ? ` ${verdict.name}` : "");
  parts.scale.hidden = !(ratio > 0);
  if (ratio > 0) parts.dot.style.left = `${(50 + 50 * Math.max(-1, Math.min(1, Math.log(ratio) / END))).toFixed(1)}%`;
}

function verdictOf(ratio) {
  if (ratio === undefined) return null;
  const far = ratio > 0 ? Math.abs(Math.log(ratio)) : Infinity;
  return VERDICTS.find(({ within }) => far <= within);
}

/** Which report it is of, which model, and the numbers that go into that. */
function about({ kind, step_last: step, comparison }) {
  const { model, samples_per_class: n, weight_decay: lambdaW, feature_decay: lambdaH, shrinkage: c } = comparison;
  const numbers = { "samples a class n": n, λ_W: lambdaW, λ_H: lambdaH, "shrinkage c": c };
  const said = Object.entries(numbers).filter(([, value]) => value !== undefined);
  return (
    `${kind === "snapshot" ? "Snapshot" : "Rolling window"} of step ${whole(step)}, ` +
    (model ? `beside the model ${model}` : "which no model fits") +
    (said.length ? `: ${said.map(([name, value]) => `${name} ${number(value)}`).join(", ")}.` : ".")
  );
}

customElements.define("cw-theory", Theory);
