import { xAt } from "./axis.js";
import { number, whole } from "./format.js";
import { colour } from "./theme.js";
import { STATES, floorWords } from "./words.js";

/**
 * What is marked on the charts of a run, in their x.
 * @typedef {object} Marks
 * @property {{y: number, label: string}|null} floor of NC1
 * @property {{x: number, label: string, text: string}|null} phase where the terminal phase begins
 * @property {{from: number, to: number, state: string, text: string}[]} alerts an alert that fires has no end
 */

/** @type {Marks} */
export const NO_MARKS = { floor: null, phase: null, alerts: [] };

const ALERT_COLOURS = { stalled: "--amber", regressing: "--bad-ink", silent: "--purple" };
const FONT = "10.5px system-ui, sans-serif";
const STRIP = 5;
/** How near a pointer must come, in CSS pixels. */
const NEAR = 7;

/**
 * @param {object} run a summary
 * @param {object[]} alerts
 * @param {string} axis name of an axis
 * @param {object} columns by which steps, epochs and times are matched
 * @returns {Marks}
 */
export function marksOf(run, alerts, axis, columns) {
  const place = (step, epoch) => (axis === "epoch" && epoch !== undefined ? epoch : xAt(columns, axis, step));
  return {
    floor: run.floor ? { y: run.floor.nc1, label: floorWords(run.floor) } : null,
    phase: phaseOf(run, place),
    alerts: alerts
      .filter(({ attempt }) => attempt === run.attempt)
      .map((alert) => alertOf(alert, place, columns))
      .filter(({ from }) => from !== null),
  };
}

function phaseOf({ terminal_step: step, terminal_epoch: epoch }, place) {
  const x = step === undefined ? null : place(step, epoch);
  if (x === null) return null;
  return { x, label: "terminal phase", text: `terminal phase since step ${whole(step)}: everything in the window is classified correctly` };
}

function alertOf(alert, place, columns) {
  const { state, status, step, epoch, ends_ms: endsMs, reason } = alert;
  const from = place(step, epoch);
  const to = status === "firing" ? Infinity : place(stepAtTime(columns, endsMs) ?? step);
  const until = status === "firing" ? "and still" : "until it was resolved";
  return { from, to: Math.max(from, to ?? from), state, text: `${state} from step ${whole(step)} ${until}: ${reason}` };
}

/** The newest step reported by then. */
function stepAtTime({ step, timestamp_ms: times = [] }, ms) {
  const after = times.findIndex((time) => time > ms);
  return after < 0 ? step[step.length - 1] : step[Math.max(0, after - 1)];
}

/** Draws marks into a chart, over its lines. */
export function drawMarks(u, { floor, phase, alerts }, withFloor) {
  if (!phase && alerts.length === 0 && !(withFloor && floor)) return;
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.scale(devicePixelRatio, devicePixelRatio);
  ctx.font = FONT;
  const box = Object.fromEntries(Object.entries(bbox).map(([name, size]) => [name, size / devicePixelRatio]));
  if (withFloor && floor) drawFloor(u, box, floor);
  if (phase) drawPhase(u, box, phase);
  alerts.forEach((alert) => drawAlert(u, box, alert));
  ctx.restore();
}

const pixel = (u, value, scale) => u.valToPos(value, scale, true) / devicePixelRatio;

function drawFloor(u, box, { y, label }) {
  const { ctx } = u;
  const at = Math.round(pixel(u, y, "y")) + 0.5;
  ctx.strokeStyle = ctx.fillStyle = colour("--good");
  stroke(ctx, [1, 3], box.left, at, box.left + box.width, at);
  ctx.textAlign = "right";
  ctx.fillText(label, box.left + box.width - 4, at - 4 > box.top + 10 ? at - 4 : at + 12);
}

function drawPhase(u, box, { x, label }) {
  const { ctx } = u;
  const at = Math.round(pixel(u, x, "x")) + 0.5;
  ctx.strokeStyle = ctx.fillStyle = colour("--ink-2");
  stroke(ctx, [4, 3], at, box.top, at, box.top + box.height);
  const room = at + 8 + ctx.measureText(label).width < box.left + box.width;
  ctx.textAlign = room ? "left" : "right";
  ctx.fillText(label, room ? at + 4 : at - 4, box.top + 10);
}

function drawAlert(u, box, { from, to, state }) {
  const { ctx } = u;
  const left = pixel(u, from, "x");
  const right = to === Infinity ? box.left + box.width : pixel(u, to, "x");
  const bottom = box.top + box.height;
  ctx.fillStyle = colour(ALERT_COLOURS[state] ?? "--bad-ink");
  ctx.fillRect(left, bottom - STRIP, Math.max(3, right - left), STRIP);
  ctx.textAlign = "center";
  ctx.fillText((STATES[state] ?? STATES.unknown).sign, Math.max(left, box.left + 5), bottom - STRIP - 5);
}

function stroke(ctx, dash, x0, y0, x1, y1) {
  ctx.setLineDash(dash);
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** What is marked where the crosshair is, in words; empty where nothing is. */
export function markAt(u, { floor, phase, alerts }, withFloor) {
  const { left, top } = u.cursor;
  if (left === undefined || left < 0) return "";
  const x = (value) => u.valToPos(value, "x");
  const inStrip = top > u.over.clientHeight - 4 * STRIP;
  const alert = alerts.findLast(({ from, to }) => {
    const start = x(from);
    return Math.abs(left - start) <= NEAR || (inStrip && left >= start && (to === Infinity || left <= x(to)));
  });
  if (alert) return alert.text;
  if (phase && Math.abs(left - x(phase.x)) <= NEAR) return phase.text;
  if (withFloor && floor && Math.abs(top - u.valToPos(floor.y, "y")) <= NEAR) return `${floor.label}: below ${number(floor.y)} the run counts as collapsed`;
  return "";
}
