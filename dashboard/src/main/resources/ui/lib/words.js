import { number, whole } from "./format.js";

/** The four criteria of neural collapse in plain words: what each is, and what it is at collapse. */
export const CRITERIA = {
  nc1: {
    short: "NC1",
    name: "variability",
    words:
      "How far the samples of a class scatter around their class mean, against how far the means are apart." +
      " 0 at collapse: all samples of a class have the same features.",
  },
  nc2: {
    short: "NC2",
    name: "frame",
    words:
      "How far the classifiers are from a frame of equally long vectors with equal angles between them." +
      " 0 at collapse: no class is nearer to another than the rest.",
  },
  nc3: {
    short: "NC3",
    name: "self-duality",
    words:
      "How far the classifiers point away from the means of their classes." +
      " 0 at collapse: they are the same up to one factor.",
  },
  nc4: {
    short: "NC4",
    name: "nearest centre",
    words:
      "Share of the samples that the network decides otherwise than the nearest class mean would." +
      " 0 at collapse: the network decides by the nearest mean.",
  },
};

/** The states of a run; each has a sign of its own, so that none depends on its colour. */
export const STATES = {
  waiting: { sign: "○", words: "too few samples to say anything" },
  fitting: { sign: "◔", words: "before the terminal phase: not everything in the window is classified correctly" },
  collapsing: { sign: "▼", words: "in the terminal phase: everything in the window is classified correctly" },
  converged: { sign: "✓", words: "flat, at or below the floor: as collapsed as it gets" },
  stalled: { sign: "▬", words: "flat, above the floor: it stands still before it has collapsed" },
  regressing: { sign: "▲", words: "moving away from collapse" },
  silent: { sign: "…", words: "no message within the promised interval" },
  ended: { sign: "■", words: "the training has ended" },
  unknown: { sign: "?", words: "no state has been seen yet" },
};

/** Whether a run is a model's, sent as if it were a training's. @param {{tags?: object}} run a summary */
export function isSimulated({ tags = {} }) {
  return Object.hasOwn(tags, "simulated") && tags.simulated !== "false";
}

const FLOOR_SOURCES = {
  setting: "setting",
  model: "the model's",
  precision: "of the precision",
};

/** The floor of NC1 and where it comes from. @param {{nc1: number, source: string}} floor */
export function floorWords({ nc1, source }) {
  return `floor ${number(nc1)} (${FLOOR_SOURCES[source] ?? source})`;
}

/** How NC1 moves. @param {{value: number, low: number, high: number, reports: number}} trend slope of ln NC1 against ln step */
export function trendWords({ value, low, high, reports }) {
  const power = `step^${number(value)} (95 % interval ${number(low)} … ${number(high)}, ${whole(reports)} reports)`;
  if (low <= 0 && high >= 0) return `NC1 is flat: it goes like ${power}.`;
  return `NC1 ${value < 0 ? "falls" : "rises"} like ${power}.`;
}
