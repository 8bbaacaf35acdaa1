import { isDark } from "./theme.js";

/** Custom properties of the line colours: each in a shade for light and one for dark, all of which the colour-blind tell apart. */
export const LINE_COLOURS = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7"];

// Cividis (Nuñez, Anderton and Renslow 2018) at nine evenly spaced places.
const CIVIDIS = [
  [0, 34, 78],
  [26, 56, 111],
  [67, 78, 108],
  [96, 101, 111],
  [125, 124, 120],
  [155, 149, 119],
  [187, 175, 112],
  [221, 204, 92],
  [254, 232, 56],
];
const BLUE = [0, 90, 181];
const ORANGE = [213, 94, 0];
const LIGHT_MIDDLE = [247, 247, 245];
const DARK_MIDDLE = [38, 43, 50];

/** Cividis at t in 0..1. */
function cividis(t) {
  const at = Math.min(1, Math.max(0, t)) * (CIVIDIS.length - 1);
  const low = Math.min(CIVIDIS.length - 2, Math.floor(at));
  return mix(CIVIDIS[low], CIVIDIS[low + 1], at - low);
}

/**
 * Cividis from little to much, little being near the background of now: in light the ramp runs the other way.
 * @returns {(t: number) => number[]} [r, g, b]
 */
export function sequentialRamp() {
  return isDark() ? cividis : (t) => cividis(1 - t);
}

/**
 * Blue at −1, the background at 0, orange at 1, in the colours of now.
 * @returns {(t: number) => number[]} [r, g, b]
 */
export function divergingRamp() {
  const middle = isDark() ? DARK_MIDDLE : LIGHT_MIDDLE;
  return (t) => mix(middle, t < 0 ? BLUE : ORANGE, Math.min(1, Math.abs(t)));
}

function mix(a, b, share) {
  return a.map((value, i) => value + share * (b[i] - value));
}
