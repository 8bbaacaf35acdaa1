import { epoch, number, whole } from "./format.js";

/**
 * What a run can be drawn over. `of` gives x for a row of columns, null where it has none; `toStep` turns an x back.
 * ln ln step is the axis on which collapse without weight decay is a straight line, since its metrics fall like powers of 1/ln t.
 */
export const AXES = {
  step: {
    label: "optimisation step",
    name: "step",
    of: (step) => step,
    format: whole,
  },
  epoch: {
    label: "epoch",
    name: "epoch",
    of: (step, epochOf) => epochOf ?? null,
    format: epoch,
  },
  lnln: {
    label: "ln ln step",
    name: "ln ln step",
    of: (step) => (step > Math.E ? Math.log(Math.log(step)) : null),
    format: number,
  },
};

/**
 * Rows that have an x, in order, and their cells of some columns.
 * @param {{step: number[], epoch: (number|null)[]}} columns not modified
 * @param {string} axisName of AXES
 * @param {(unknown[]|undefined)[]} wanted columns of the same length; one that is missing has only nulls
 * @returns {{x: number[], columns: unknown[][]}}
 */
export function place(columns, axisName, wanted) {
  // At one update a second nothing here is ever compiled: copies that the engine makes are far cheaper than loops.
  if (axisName === "step") {
    return { x: columns.step.slice(), columns: wanted.map((column) => column?.slice() ?? columns.step.map(() => null)) };
  }
  const { x, rows } = placed(columns, AXES[axisName]);
  return { x, columns: wanted.map((column) => rows.map((row) => column?.[row] ?? null)) };
}

function placed(columns, axis) {
  const x = [];
  const rows = [];
  columns.step.forEach((step, row) => {
    const at = axis.of(step, columns.epoch[row]);
    if (at === null || (x.length && at < x[x.length - 1])) return;
    x.push(at);
    rows.push(row);
  });
  return { x, rows };
}

/** Step at an x, between the two rows around it; the range of a view is kept in steps, so that it survives a change of axis. */
export function stepAt(columns, axisName, at) {
  if (axisName === "step") return Math.round(at);
  if (axisName === "lnln") return Math.round(Math.exp(Math.exp(at)));
  return Math.round(interpolate(columns.epoch, columns.step, at) ?? 0);
}

/** The x of a step. */
export function xAt(columns, axisName, step) {
  if (axisName === "epoch") return interpolate(columns.step, columns.epoch, step);
  return AXES[axisName].of(step) ?? AXES[axisName].of(3);
}

/** Piecewise linear, and beyond the ends as between the two rows there; null where a row has no number. */
function interpolate(from, to, at) {
  const last = from.length - 1;
  if (last < 1) return to[0] ?? null;
  const i = Math.min(last, Math.max(1, firstNotBelow(from, at)));
  const [left, right] = [to[i - 1], to[i]];
  if ([from[i - 1], from[i], left, right].includes(null)) return null;
  const width = from[i] - from[i - 1];
  return width > 0 ? left + ((at - from[i - 1]) / width) * (right - left) : right;
}

function firstNotBelow(ascending, at) {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
