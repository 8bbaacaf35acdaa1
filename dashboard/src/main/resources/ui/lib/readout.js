import { number } from "./format.js";
import { create, html, setText } from "./html.js";

/**
 * The line above a chart that is its legend and reads its values: an entry for each key, which shows and hides the lines
 * of that key together.
 */
export class Readout {
  /** @type {{key: string, label: string, colour: string, lines: {column: number, dots: boolean}[], value: HTMLElement}[]} */
  entries = [];
  #hidden = new Set();
  #at;
  #list;
  #show;

  /**
   * @param {HTMLElement} at for where the values are
   * @param {HTMLElement} list for the entries
   * @param {(column: number, show: boolean) => void} show a line or hide it
   */
  constructor(at, list, show) {
    this.#at = at;
    this.#list = list;
    this.#show = show;
  }

  /** @param {import("../elements/cw-chart.js").ChartSpec} spec */
  define({ lines, titles = {} }) {
    const byKey = new Map();
    lines.forEach(({ key, label, colour, dots, dash }, i) => {
      if (!byKey.has(key)) byKey.set(key, { key, label, colour, dash, lines: [] });
      byKey.get(key).lines.push({ column: i + 1, dots });
    });
    this.entries = [...byKey.values()];
    this.#list.replaceChildren(...this.entries.map((entry) => this.#item(entry, titles[entry.key])));
  }

  #item(entry, title = "show or hide") {
    const item = create(html`<li><button type="button" title="${title}"><i></i><span></span><b></b></button></li>`);
    const [button] = item.children;
    const [swatch, label, value] = button.children;
    swatch.style.color = `var(${entry.colour})`;
    swatch.classList.toggle("dashed", entry.dash !== undefined);
    label.textContent = entry.label;
    entry.value = value;
    button.setAttribute("aria-pressed", String(!this.#hidden.has(entry.key)));
    button.addEventListener("click", () => this.#toggle(entry, button));
    return item;
  }

  #toggle(entry, button) {
    const show = this.#hidden.delete(entry.key);
    if (!show) this.#hidden.add(entry.key);
    button.setAttribute("aria-pressed", String(show));
    for (const { column } of entry.lines) this.#show(column, show);
  }

  isHidden(key) {
    return this.#hidden.has(key);
  }

  /**
   * Writes where the values are and each key's nearest ones.
   * @param {string} where
   * @param {(number|null|undefined)[][]} table x, then a column a line
   * @param {number} row
   */
  read(where, table, row) {
    setText(this.#at, where);
    for (const { value, lines } of this.entries) {
      const parts = lines.map(({ column, dots }) => reading(table[column] ?? [], row, dots));
      setText(value, parts.filter(Boolean).join("  ") || "–");
    }
  }
}

function reading(column, row, dots) {
  const at = nearest(column, row);
  return at === null ? "" : (dots ? "● " : "") + number(column[at]);
}

/** The nearest row that has a value of its own, since tables with other rows share the x axis. */
export function nearest(column, from) {
  if (from === null || from === undefined) return null;
  for (let distance = 0; distance < column.length; distance++) {
    if (column[from - distance] != null) return from - distance;
    if (column[from + distance] != null) return from + distance;
  }
  return null;
}
