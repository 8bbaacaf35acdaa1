import { LinePanel } from "../lib/line-panel.js";
import { isJudged } from "../lib/model.js";
import { csvAddress } from "../lib/api.js";
import { asked } from "../lib/series.js";
import { CRITERIA } from "../lib/words.js";
import "../elements/cw-chart.js";
import "../elements/cw-variants.js";

const NAMES = Object.keys(CRITERIA);

/** The keys of each criterion among some, in their order. */
export function byCriterion(keys) {
  return Object.fromEntries(NAMES.map((name) => [name, keys.filter((key) => key === name || key.startsWith(`${name}_`))]));
}

/**
 * A panel for each of NC1 to NC4.
 * @param {HTMLElement} where they go
 * @param {import("./run-page.js").RunPage} page
 * @returns {LinePanel[]}
 */
export function criteriaPanels(where, page) {
  return NAMES.map((name) => {
    const chart = where.appendChild(document.createElement("cw-chart"));
    const menu = document.createElement("cw-variants");
    chart.tools.prepend(menu);
    menu.addEventListener("choose", (event) => page.choose(name, event.detail));
    const panel = new LinePanel(chart, {
      series: page.newSeries([]),
      keys: () => page.chosen(name),
      makeUp: (view) => makeUp(name, view, page),
      model: page.model,
      caption: (view, shown) => caption(page.model(view), shown),
    });
    panel.menu = () => menu.offer(ofCriterion(name, page.metrics()), page.chosen(name));
    return panel;
  });
}

const ofCriterion = (name, metrics) => metrics.filter(({ key }) => key === name || key.startsWith(`${name}_`));

function makeUp(name, view, page) {
  const { short, name: called, words } = CRITERIA[name];
  const keys = page.chosen(name);
  const known = page.metrics().filter(({ key }) => keys.includes(key));
  return {
    subject: page.run,
    title: `${short} · ${called}`,
    help: words,
    yLabel: units(known),
    scale: view.y,
    floor: isJudged(view) && keys.includes("nc1"),
    titles: Object.fromEntries(known.map(({ key, help }) => [key, help])),
    downloads: downloads(page.run, view, keys),
  };
}

/** How the model's curve is to be read. */
function caption(model, keys) {
  return keys
    .filter((key) => model?.has(key))
    .map((key) => model.sentence(key))
    .join(" ");
}

function units(metrics) {
  const all = [...new Set(metrics.map(({ unit }) => unit || "dimensionless"))];
  return all.join(", ") || "dimensionless";
}

/** CSV links of the kinds that are drawn. */
export function downloads(run, view, keys) {
  const { split, layer, from, to } = view;
  const ask = { split, layer, from: from || undefined, to: to || undefined, ...asked(keys) };
  return [
    { kind: "rolling", label: "Rolling reports (CSV)", title: "Every rolling report as CSV, not thinned" },
    { kind: "snapshot", label: "Snapshots (CSV)", title: "Every snapshot as CSV" },
  ]
    .filter(({ kind }) => view.kind === "both" || view.kind === kind)
    .map(({ kind, label, title }) => ({ label, title, href: csvAddress(run, { ...ask, kind }) }));
}
