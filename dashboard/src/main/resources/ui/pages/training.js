import { LinePanel } from "../lib/line-panel.js";
import { downloads } from "./criteria.js";

const MOST_LAYERS = 24;
const DEPTH_COLOURS = Array.from({ length: MOST_LAYERS }, (_, i) => `--depth-${Math.floor((i * 7) / MOST_LAYERS)}`);

/** Keys of the layer norms that a report has: all, or evenly spaced ones with the first and the last. */
export function normKeys(report) {
  const names = Object.keys(report?.layer_norms ?? {});
  if (names.length <= MOST_LAYERS) return names.map((name) => `norm.${name}`);
  const at = (i) => Math.round((i * (names.length - 1)) / (MOST_LAYERS - 1));
  return Array.from({ length: MOST_LAYERS }, (_, i) => `norm.${names[at(i)]}`);
}

/** The charts of the training itself; each with a series of its own. */
export function trainingPanels(where, page) {
  return CHARTS.map((content) => {
    const chart = where.appendChild(document.createElement("cw-chart"));
    const series = page.newSeries([]);
    return new LinePanel(chart, {
      series,
      keys: () => content.keys(page),
      makeUp: (view) => ({
        subject: page.run,
        ...content,
        labels: content.labels?.(series.keys),
        colours: content.colours?.(series.keys),
        downloads: downloads(page.run, view, series.keys),
      }),
    });
  });
}

const CHARTS = [
  {
    title: "Layer norms",
    help: "Frobenius norm of each layer's weights, first layer darkest",
    yLabel: "‖W‖ (Frobenius)",
    scale: "log",
    emptyText: "This run reports no layer norms.",
    keys: (page) => normKeys(page.anyReport()),
    labels: (keys) => Object.fromEntries(keys.map((key) => [key, key.slice(5)])),
    colours: (keys) => keys.map((_, i) => DEPTH_COLOURS[Math.floor((i * MOST_LAYERS) / keys.length)]),
  },
  {
    title: "ln ρ",
    help: "Sum of the logarithms of the norms of the layers that count",
    yLabel: "ln ρ",
    scale: "linear",
    keys: () => ["ln_rho"],
  },
  {
    title: "Loss and the floor of cross-entropy",
    help: "Training loss as the run reports it; class-balanced cross-entropy cannot be lower than the floor at these norms",
    yLabel: "loss (nats)",
    scale: "log",
    keys: () => ["loss", "ce_floor"],
    labels: () => ({ loss: "training loss", ce_floor: "cross-entropy floor" }),
  },
  {
    title: "Margin optimality",
    help: "The smallest margin over the largest one possible at these norms; 1 at collapse",
    yLabel: "of 1",
    scale: "linear",
    most: 1,
    keys: () => ["margin_optimality"],
  },
  {
    title: "Accuracy",
    help: "Share of the window that is classified correctly, and as the training loop reports it; the terminal phase begins at 1",
    yLabel: "share",
    scale: "linear",
    most: 1,
    keys: () => ["accuracy", "accuracy_training"],
    labels: () => ({ accuracy: "of the window", accuracy_training: "of the training" }),
  },
  {
    title: "Window completeness",
    help: "Share of the window that is filled; of a snapshot, the share of ranks that have ended it",
    yLabel: "share",
    scale: "linear",
    most: 1,
    keys: () => ["completeness"],
    labels: () => ({ completeness: "complete" }),
  },
  {
    title: "Messages lost",
    help: "Messages lost before the analyzer so far, over all reasons and ranks",
    yLabel: "messages",
    scale: "linear",
    keys: () => ["dropped"],
    labels: () => ({ dropped: "lost so far" }),
  },
];
