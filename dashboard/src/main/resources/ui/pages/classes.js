import { number } from "../lib/format.js";

/**
 * What the section on single classes shows of a report.
 * @returns {[HTMLElement, object][]} each element with what to show
 */
export function classParts(report) {
  return [
    [document.getElementById("cosines-means"), means(report)],
    [document.getElementById("cosines-weights"), classifiers(report)],
    [document.querySelector("cw-variability"), report.class_variability ?? {}],
  ];
}

function means({ cosines, worst_pair: worst, metrics }) {
  const present = cosines?.classes?.length || metrics?.classes_present || 2;
  return {
    title: "Cosines between class means",
    classes: cosines?.classes ?? [],
    values: cosines?.means ?? [],
    target: -1 / (present - 1),
    sentence: worstSentence(worst, present),
    extremes: cosines?.extremes ?? [],
  };
}

function classifiers({ cosines, frame }) {
  const values = cosines?.weights ?? [];
  const classes = Array.from({ length: values.length ? sideOf(values.length) : 0 }, (_, k) => k);
  return {
    title: "Cosines between classifiers",
    classes,
    values,
    target: frame === "of" ? 0 : -1 / (classes.length - 1),
    sentence: frameSentence(frame, classes.length),
  };
}

/** K of a triangle with K(K−1)/2 entries. */
function sideOf(entries) {
  return Math.round((1 + Math.sqrt(1 + 8 * entries)) / 2);
}

function worstSentence(worst, classes) {
  if (!worst) return "The means of the classes are not measured in this window.";
  return (
    `The means of classes ${worst.first} and ${worst.second} are closest together: cosine ${number(worst.cosine)},` +
    ` where collapse has ${number(-1 / (classes - 1))} for every pair.`
  );
}

function frameSentence(frame, classes) {
  if (classes === 0) return "The classifiers' cosines are not part of this report.";
  return frame === "of"
    ? "The classifiers are nearer to an orthogonal frame, where every cosine is 0."
    : `The classifiers are nearer to a simplex frame, where every cosine is ${number(-1 / (classes - 1))}.`;
}
