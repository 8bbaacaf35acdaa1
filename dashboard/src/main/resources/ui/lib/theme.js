const KEY = "collapsewatch-theme";
const CHOICES = ["auto", "light", "dark"];
const systemDark = matchMedia("(prefers-color-scheme: dark)");

/** Fires `change` when the colours are others than before. */
export const themes = new EventTarget();

export function chosenTheme() {
  return document.documentElement.dataset.theme ?? "auto";
}

export function isDark() {
  return chosenTheme() === "dark" || (chosenTheme() === "auto" && systemDark.matches);
}

/** System → light → dark → system. */
export function nextTheme() {
  const next = CHOICES[(CHOICES.indexOf(chosenTheme()) + 1) % CHOICES.length];
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // The choice holds for this page only where storage is forbidden.
  }
  changed();
}

const resolved = new Map();
let probe = null;

/** The colour that a custom property such as `--ink` stands for now, for a canvas. */
export function colour(property) {
  if (!resolved.has(property)) resolved.set(property, resolve(property));
  return resolved.get(property);
}

// getPropertyValue would give the text "light-dark(…)"; only a used colour is resolved.
function resolve(property) {
  if (!probe) {
    probe = document.createElement("span");
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = `var(${property})`;
  return getComputedStyle(probe).color;
}

function changed() {
  resolved.clear();
  themes.dispatchEvent(new Event("change"));
}

systemDark.addEventListener("change", changed);
