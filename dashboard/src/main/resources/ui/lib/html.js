/** Markup that `html` has made: the only thing that goes into another template unescaped. */
class Markup {
  constructor(text) {
    this.text = text;
  }
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(value) {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(escaped).join("");
  return String(value ?? "").replace(/[&<>"']/g, (c) => ESCAPES[c]);
}

/**
 * Template tag: every value is escaped, in text as in quoted attributes.
 * Texts that come from runs are set with textContent all the same, where elements live longer than one text.
 */
export function html(strings, ...values) {
  return new Markup(String.raw({ raw: strings }, ...values.map(escaped)));
}

/**
 * Replaces the content of an element.
 * @returns {Record<string, HTMLElement>} its descendants that carry data-ref, by that name
 */
export function render(element, markup) {
  element.innerHTML = markup.text;
  return refs(element);
}

/** The first element of a template. */
export function create(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup.text.trim();
  // A template's content belongs to a document in which custom elements do not live; the import wakes them.
  return document.importNode(template.content, true).firstElementChild;
}

export function refs(element) {
  const found = {};
  for (const child of element.querySelectorAll("[data-ref]")) found[child.dataset.ref] = child;
  return found;
}

/** Sets a text only where it differs: an unchanged node costs no layout. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
