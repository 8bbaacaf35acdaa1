import { create, html, render, setText } from "../lib/html.js";
import { join } from "../lib/join.js";
import { LogLane } from "../lib/log-lane.js";
import { NO_MARKS, drawMarks, markAt } from "../lib/marks.js";
import { plotOptions, uPlot } from "../lib/plot.js";
import { closing } from "../lib/menu.js";
import { savePng } from "../lib/png.js";
import { Readout, nearest } from "../lib/readout.js";
import { themes } from "../lib/theme.js";

/**
 * @typedef {object} Line
 * @property {string} key of the legend's entry; lines with the same one are shown and hidden together
 * @property {string} label
 * @property {string} colour a custom property
 * @property {boolean} [dots] points without a line between them: snapshots
 * @property {number[]} [dash]
 * @property {number} [width] in CSS pixels
 *
 * @typedef {object} ChartSpec
 * @property {string} title
 * @property {string} [help] in plain words
 * @property {string} xLabel
 * @property {string} xName of x in the readout
 * @property {string} yLabel
 * @property {(x: number) => string} formatX
 * @property {"linear"|"log"|"asinh"} scale of y
 * @property {number} [most] that y can be
 * @property {Line[]} lines in the order of the joined columns
 * @property {(u: object) => void} [underlay] draws below the lines
 * @property {boolean} [floor] whether the floor of NC1 belongs into it
 * @property {string} [sync] charts with the same one share their crosshair
 * @property {{label: string, href: string, title: string}[]} [downloads]
 */

/**
 * Lines over one x, with a readout that is also the legend, a shared crosshair and zoom.
 *
 * Fires `zoom` with [from, to] in x as detail, or null for everything; whoever owns the chart sets the range.
 */
export class Chart extends HTMLElement {
  #spec = null;
  #plot = null;
  #refs = null;
  #readout;
  #range = null;
  #marks = NO_MARKS;
  #lane = new LogLane();
  /** x and the columns as they are, with zeros where the picture has its lane. */
  #truth = [[]];
  #rows = [];
  #stale = false;
  #resized = new ResizeObserver(() => this.#resize());
  #onTheme = () => this.#plot?.redraw(false);

  connectedCallback() {
    if (!this.#refs) this.#build();
    this.#resized.observe(this.#refs.plot);
    themes.addEventListener("change", this.#onTheme);
  }

  disconnectedCallback() {
    this.#resized.disconnect();
    themes.removeEventListener("change", this.#onTheme);
  }

  #build() {
    this.#refs = render(
      this,
      html`<figure class="panel chart">
        <header class="panel-head">
          <h3 data-ref="title"></h3>
          <div class="panel-tools" data-ref="tools">
            <details class="menu save" data-ref="save">
              <summary class="quiet">Save</summary>
              <div><button type="button" data-ref="png">Picture (PNG)</button><span data-ref="downloads"></span></div>
            </details>
          </div>
        </header>
        <div class="readout"><span class="at" data-ref="at"></span><ul data-ref="legend"></ul></div>
        <div class="plotted" data-ref="plotted">
          <div class="plot" data-ref="plot" tabindex="0" role="img"></div>
          <p class="mark-note" role="status" data-ref="note"></p>
        </div>
        <p class="words" data-ref="caption" hidden></p>
        <p class="no-data" data-ref="empty" hidden></p>
      </figure>`,
    );
    const { at, legend, save } = this.#refs;
    this.#readout = new Readout(at, legend, (column, show) => this.#plot?.setSeries(column, { show }));
    closing(save);
    this.#refs.png.addEventListener("click", () => savePng(this.#plot, this.#spec, this.#readout.entries));
    this.#refs.plot.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Where a page puts menus of its own. */
  get tools() {
    return this.#refs.tools;
  }

  get plot() {
    return this.#plot;
  }

  /** A sentence below the picture; empty for none. */
  set caption(text) {
    this.#refs.caption.hidden = text === "";
    setText(this.#refs.caption, text);
  }

  /** Takes another make-up; the data must follow. @param {ChartSpec} spec */
  define(spec) {
    this.#spec = spec;
    setText(this.#refs.title, spec.title);
    this.#refs.title.title = spec.help ?? "";
    this.#refs.plot.setAttribute("aria-label", `${spec.title}, ${spec.yLabel} over ${spec.xLabel}. Arrow keys read values, plus and minus zoom.`);
    this.#refs.downloads.replaceChildren(...(spec.downloads ?? []).map(download));
    this.#readout.define(spec);
    this.#plot?.destroy();
    this.#plot = null;
  }

  /**
   * Draws data, at once.
   * @param {{x: number[], columns: (number|null)[][]}[]} tables
   * @param {[number, number]|null} range of x; null for all
   * @param {import("../lib/marks.js").Marks} [marks]
   */
  draw(tables, range, marks = NO_MARKS) {
    this.#range = range;
    this.#marks = marks;
    this.#truth = join(tables);
    this.#rows = tables.flatMap(({ x, columns }) => columns.map(() => x.length));
    const data = this.#drawable();
    this.#showEmpty(data[0].length === 0);
    if (!this.#plot) this.#create(data);
    // uPlot defers its work to a microtask; in a batch it happens here, where it is measured.
    else this.#plot.batch(() => this.#plot.setData(data));
    if (this.#plot?.cursor.idx == null) this.#read(null);
  }

  #drawable() {
    const [x, ...columns] = this.#truth;
    return [x, ...(this.#spec.scale === "log" ? this.#lane.place(columns) : columns)];
  }

  #showEmpty(isEmpty) {
    this.#refs.empty.hidden = !isEmpty;
    this.#refs.plotted.hidden = isEmpty;
    setText(this.#refs.empty, isEmpty ? (this.#spec.emptyText ?? "Nothing measured here yet.") : "");
  }

  #create(data) {
    const size = this.#size();
    if (!size.width) {
      this.#stale = true;
      return;
    }
    this.#plot = new uPlot(plotOptions(this.#spec, this.#behaviour(), size), data, this.#refs.plot);
  }

  #behaviour() {
    return {
      xRange: (min, max) => this.#range ?? padded(min, max),
      rowsOf: (series) => this.#rows[series - 1],
      isShown: (key) => !this.#readout.isHidden(key),
      zeroAt: () => (this.#lane.at > 0 ? this.#lane.at : NaN),
      floorAt: () => (this.#spec.floor && this.#marks.floor ? this.#marks.floor.y : null),
      nearest: (u, series, closest) => nearest(u.data[series], closest),
      reset: () => this.#zoom(null),
      hooks: {
        setCursor: [(u) => this.#onCursor(u)],
        setSelect: [(u) => this.#onSelect(u)],
        drawAxes: [(u) => this.#spec.underlay?.(u)],
        draw: [(u) => drawMarks(u, this.#marks, this.#spec.floor)],
      },
    };
  }

  #size() {
    return { width: this.#refs.plot.clientWidth, height: this.#refs.plot.clientHeight };
  }

  #resize() {
    const size = this.#size();
    if (!size.width) return;
    if (this.#plot) this.#plot.setSize(size);
    else if (this.#stale) {
      this.#stale = false;
      this.#create(this.#drawable());
    }
  }

  #onSelect(u) {
    if (u.select.width < 4) return;
    const from = u.posToVal(u.select.left, "x");
    const to = u.posToVal(u.select.left + u.select.width, "x");
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#zoom([from, to]);
  }

  #zoom(range) {
    this.dispatchEvent(new CustomEvent("zoom", { detail: range, bubbles: true }));
  }

  /** Zooms by a factor around the crosshair, or the middle. */
  zoomBy(factor) {
    if (!this.#plot) return;
    const { min, max } = this.#plot.scales.x;
    const idx = this.#plot.cursor.idx;
    const centre = idx == null ? (min + max) / 2 : this.#truth[0][idx];
    this.#zoom([centre - (centre - min) / factor, centre + (max - centre) / factor]);
  }

  #onKey(event) {
    const act = {
      "+": () => this.zoomBy(2),
      "=": () => this.zoomBy(2),
      "-": () => this.zoomBy(0.5),
      0: () => this.#zoom(null),
      ArrowLeft: () => this.#moveCursor(-1),
      ArrowRight: () => this.#moveCursor(1),
      Escape: () => this.#plot?.setCursor({ left: -10, top: -10 }),
    }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  #moveCursor(by) {
    const u = this.#plot;
    if (!u) return;
    const x = this.#truth[0];
    const at = Math.min(x.length - 1, Math.max(0, (u.cursor.idx ?? x.length - 1 - Math.min(by, 0)) + by));
    u.setCursor({ left: u.valToPos(x[at], "x"), top: u.over.clientHeight / 2 });
  }

  /** The crosshair is shared; what is marked is said by the chart that one points at. */
  #onCursor(u) {
    this.#read(u.cursor.idx);
    setText(this.#refs.note, this.#refs.plot.matches(":hover, :focus") ? markAt(u, this.#marks, this.#spec.floor) : "");
  }

  /** Reads the values at a row of the joined table; the newest ones without a crosshair. */
  #read(idx) {
    const x = this.#truth[0];
    const row = idx ?? x.length - 1;
    this.#readout.read(x.length ? this.#position(x[row], idx == null) : "", this.#truth, row);
  }

  #position(x, newest) {
    return `${newest ? "newest: " : ""}${this.#spec.xName} ${this.#spec.formatX(x)}`;
  }
}

function padded(min, max) {
  if (min === null) return [0, 1];
  return min === max ? [min - 1, max + 1] : [min, max];
}

function download({ label, href, title }) {
  const link = create(html`<a download title="${title}">${label}</a>`);
  link.href = href;
  return link;
}

customElements.define("cw-chart", Chart);
