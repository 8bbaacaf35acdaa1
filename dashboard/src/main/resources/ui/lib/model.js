import { number, whole } from "./format.js";

/** What a column with the model's values is called beside that of a metric. */
export const ofModel = (key) => `model.${key}`;

/** Whether a run is judged, and a model fitted to it, by these windows. */
export const isJudged = ({ split, layer }) => split === "train" && layer === "penultimate";

/** The curve of a reference model that was fitted to a run. */
export class ModelCurve {
  #steps;
  #metrics;

  /** @param {object} curve of /api/v1/runs/{run} */
  constructor(curve) {
    this.curve = curve;
    this.name = curve.model;
    this.#steps = curve.steps ?? [];
    this.#metrics = curve.metrics ?? {};
  }

  has(key) {
    return this.#steps.length > 0 && Object.hasOwn(this.#metrics, key);
  }

  /** The model's value at a step of the run; null before and after its curve. */
  at(key, step) {
    const steps = this.#steps;
    const last = steps.length - 1;
    if (step < steps[0] || step > steps[last]) return null;
    const values = this.#metrics[key];
    const i = firstNotBelow(steps, step);
    if (steps[i] === step) return values[i];
    return between(values[i - 1], values[i], Math.log(step / (steps[i - 1] || 1)) / Math.log(steps[i] / (steps[i - 1] || 1)));
  }

  /** How far the model is from what was measured, in words. */
  sentence(key) {
    const { reports, aligned, aligned_step: step, residual, line_residual: line, residuals, complete } = this.curve;
    const apart = residuals?.[key] ?? residual;
    const laid = aligned === "start" ? `its start laid at step ${whole(step)}` : `its terminal phase laid at step ${whole(step)}`;
    return (
      `${this.name} (dashed), fitted to ${whole(reports)} ${reports === 1 ? "report" : "reports"}, ${laid}: differs by a factor of ${number(10 ** apart)}` +
      ` on average (residual ${number(apart)}).` +
      (residual < line ? "" : ` Over all metrics it is no nearer than flat lines are (${number(residual)} against ${number(line)}), so it explains nothing.`) +
      (complete ? "" : ` Its simulation ended at step ${whole(this.#steps[this.#steps.length - 1])}.`)
    );
  }
}

/** Along a straight line in the logarithms, where metrics that collapse go like powers; in the values where one is not positive. */
function between(left, right, share) {
  const t = Math.min(1, Math.max(0, share));
  return left > 0 && right > 0 ? left * (right / left) ** t : left + t * (right - left);
}

function firstNotBelow(ascending, at) {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
