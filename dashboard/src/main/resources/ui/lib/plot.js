import uPlot from "../vendor/uplot/uPlot.esm.js";
import { number } from "./format.js";
import { colour } from "./theme.js";

const FONT = "11px system-ui, sans-serif";
const LOGARITHMIC = 3;
const ARCSINH = 4;
const FLOOR_REACH = 10;

/**
 * Options of uPlot for one of our charts.
 * @param {import("../elements/cw-chart.js").ChartSpec} spec
 * @param {object} behaviour what the chart element does: hooks, range, nearest, zoom, reset
 */
export function plotOptions(spec, behaviour, size) {
  return {
    ...size,
    legend: { show: false },
    padding: [8, 22, 0, 0],
    cursor: cursor(spec, behaviour),
    scales: {
      x: { time: false, range: (u, min, max) => behaviour.xRange(min, max) },
      y: { ...DISTRIBUTIONS[spec.scale], range: (u, min, max) => yRange(spec, behaviour.zeroAt(), ...withFloor(behaviour.floorAt(), min, max)) },
    },
    axes: [xAxis(spec), yAxis(spec, behaviour)],
    series: [{}, ...spec.lines.map((one) => line(one, behaviour))],
    hooks: behaviour.hooks,
  };
}

const DISTRIBUTIONS = {
  linear: {},
  log: { distr: LOGARITHMIC, log: 10 },
  // The margin histogram's own scale: linear around 0, logarithmic far from it.
  asinh: { distr: ARCSINH, asinh: 0.1 },
};

function cursor(spec, behaviour) {
  return {
    sync: {
      key: spec.sync ?? "run",
      setSeries: false,
      scales: ["x", null],
      // The crosshair is shared; a drag is not, it would be taken by every chart.
      filters: { pub: (type) => type === "mousemove" || type === "mouseleave" },
    },
    drag: { x: true, y: false, setScale: false },
    dataIdx: behaviour.nearest,
    points: { size: 7, width: 1.5 },
    bind: { dblclick: () => () => behaviour.reset() },
  };
}

function axis() {
  return {
    stroke: () => colour("--ink-2"),
    font: FONT,
    labelFont: FONT,
    labelSize: 16,
    labelGap: 2,
    ticks: { stroke: () => colour("--line"), width: 1, size: 4 },
    grid: { stroke: () => colour("--grid"), width: 1 },
  };
}

function xAxis(spec) {
  return {
    ...axis(),
    label: spec.xLabel,
    size: 28,
    space: 64,
    values: (u, splits) => splits.map((at) => (at === null ? "" : spec.formatX(at))),
  };
}

function yAxis(spec, behaviour) {
  return {
    ...axis(),
    label: spec.yLabel,
    size: 50,
    space: 26,
    ...(spec.scale === "log" ? { splits: (u, i, min, max) => logTicks(min, max, behaviour.zeroAt()), filter: (u, splits) => splits } : {}),
    values: (u, splits) => (spec.scale === "linear" ? evenLabels(splits) : logLabels(splits, behaviour.zeroAt())),
  };
}

const logLabels = (ticks, zeroAt) => ticks.map((tick) => (tick === null ? "" : tick === zeroAt ? "0" : number(tick)));

/** As many digits as tell one tick from the next. */
function evenLabels(ticks) {
  const step = Math.abs(ticks[1] - ticks[0]) || 1;
  const largest = Math.max(...ticks.map(Math.abs));
  if (largest >= 1e5 || step < 1e-5) return ticks.map(number);
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9), Number.isInteger(step) ? 0 : decimals(step));
  return ticks.map((tick) => tick.toFixed(digits).replace("-", "−"));
}

function decimals(step) {
  const [, after = ""] = String(Number(step.toPrecision(6))).split(".");
  return Math.min(6, after.length);
}

/** Decades; the fewer there are, the more between them, and within a third of one even steps. */
function logTicks(min, max, zeroAt) {
  const decades = Math.log10(max / min);
  if (decades < 0.35) return evenTicks(min, max);
  const parts = decades < 1 ? [1, 1.5, 2, 3, 4, 5, 7] : decades < 2.2 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / 6));
  const ticks = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power++) {
    if (power % every) continue;
    for (const part of parts) ticks.push(part * 10 ** power);
  }
  const isLane = (tick) => zeroAt > 0 && Math.abs(tick / zeroAt - 1) < 1e-9;
  const inside = ticks.filter((tick) => tick >= min && tick <= max && (!(zeroAt > 0) || tick > 5 * zeroAt) && !isLane(tick));
  return zeroAt > 0 ? [zeroAt, ...inside] : inside;
}

function evenTicks(min, max) {
  const rough = (max - min) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const ticks = [];
  for (let i = Math.ceil(min / step); i * step <= max; i++) ticks.push(i * step);
  return ticks;
}

/** A floor is shown where that leaves the lines most of the picture. */
function withFloor(floor, min, max) {
  if (floor === null || min === null || max === null || floor < min / FLOOR_REACH || floor > max * FLOOR_REACH) return [min, max];
  return [Math.min(min, floor), Math.max(max, floor)];
}

function yRange(spec, zeroAt, min, max) {
  if (min === null || max === null) return spec.scale === "log" ? [0.1, 1] : [0, 1];
  return spec.scale === "log" ? logRange(zeroAt, min, max) : linearRange(spec, min, max);
}

/** With room above where there is nothing but the lane of zeros. */
function logRange(zeroAt, min, max) {
  if (max > 1.05 * min) return [min * 0.85, max * 1.18];
  return zeroAt > 0 ? [min * 0.85, max * 10] : [min / 1.5, max * 1.5];
}

/** A quantity that cannot be negative, or more than 1, is not drawn as if it could. */
function linearRange(spec, min, max) {
  const room = 0.06 * (max - min) || Math.abs(max) * 0.1 || 1;
  const low = min >= 0 && min < room ? 0 : min - room;
  return [low, Math.min(max + room, spec.most ? spec.most + 0.03 * (spec.most - low) : Infinity)];
}

function line(one, { isShown, rowsOf }) {
  const stroke = () => colour(one.colour);
  const base = { label: one.label, show: isShown(one.key), stroke, width: one.width ?? 1.5, dash: one.dash };
  if (!one.dots) return { ...base, points: { show: false } };
  // uPlot asks whether to show points just before it draws them.
  const show = (u, series) => {
    u.series[series].points.size = dotSize(u, rowsOf(series));
    return true;
  };
  return { ...base, width: 0, paths: () => null, points: { show, width: 0, stroke, fill: stroke } };
}

const LARGEST_DOT = 6;
const SMALLEST_DOT = 2.5;

/** The more dots there are, the smaller they are, so that they do not run into a line. */
function dotSize(u, dots) {
  const room = (0.7 * u.over.clientWidth) / Math.max(1, dots);
  return Math.max(SMALLEST_DOT, Math.min(LARGEST_DOT, room));
}

export { uPlot };
