/**
 * A view is what the address says after the run: everything that differs from the defaults, so that a link restores it.
 * Values are texts; `keys` is a list.
 */
export const DEFAULTS = {
  split: "train",
  layer: "penultimate",
  kind: "both",
  x: "step",
  y: "log",
  keys: "",
  from: "",
  to: "",
  margins: "linear",
  source: "window",
};

const CHOICES = {
  kind: ["both", "rolling", "snapshot"],
  x: ["step", "epoch", "lnln"],
  y: ["log", "linear"],
  margins: ["linear", "log"],
  source: ["window", "seen"],
};

/** @param {URLSearchParams} query @param {string[]} [moreAxes] that the page has beside the usual ones */
export function readView(query, moreAxes = []) {
  const view = { ...DEFAULTS };
  for (const name of Object.keys(DEFAULTS)) {
    const value = query.get(name);
    if (value !== null && isChoice(name, value, moreAxes)) view[name] = value;
  }
  for (const end of ["from", "to"]) if (!/^\d+$/.test(view[end])) view[end] = "";
  return view;
}

function isChoice(name, value, moreAxes) {
  return (CHOICES[name]?.includes(value) ?? true) || (name === "x" && moreAxes.includes(value));
}

/** Puts a view into the address, beside the parameters that are none of it. */
export function writeView(view) {
  const query = new URLSearchParams(location.search);
  for (const [name, preset] of Object.entries(DEFAULTS)) {
    if (view[name] === preset) query.delete(name);
    else query.set(name, view[name]);
  }
  history.replaceState(null, "", `?${query}`);
}

/** The range in steps, or null for all of the run. */
export function rangeOf(view) {
  return view.from !== "" && view.to !== "" && +view.from < +view.to ? [+view.from, +view.to] : null;
}
