const NOTHING = "–";
const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A measured number to three digits: 0.0183, 4.3e-5, 12.4; a dash where it is undefined. */
export function number(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-3 ? short(value.toExponential(1)) : trimmed(value, size);
  return text.replace("-", "−").replace("e−", "e-");
}

function trimmed(value, size) {
  return size >= 1000 ? whole(value) : String(Number(value.toPrecision(3)));
}

function short(exponential) {
  return exponential.replace("e+", "e").replace(".0e", "e");
}

/** A count or a step, in groups of three digits: 12 345. */
export function whole(value) {
  if (value === null || value === undefined) return NOTHING;
  return grouped.format(value).replaceAll(",", "\u202f");
}

/** An epoch: whole where it is whole, else to one digit. */
export function epoch(value) {
  if (value === null || value === undefined) return NOTHING;
  return value >= 1e4 ? whole(value) : String(Math.round(10 * value) / 10);
}

export function percent(share) {
  if (share === null || share === undefined) return NOTHING;
  return `${Number((100 * share).toPrecision(3))} %`;
}

const UNITS = [
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/** How long ago a moment was, in its largest unit. */
export function age(thenMs, nowMs) {
  const seconds = Math.floor((nowMs - thenMs) / 1000);
  if (seconds < 1) return "now";
  const [size, unit] = UNITS.find(([size]) => seconds >= size);
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

export function dateTime(ms) {
  return new Date(ms).toLocaleString("sv");
}
