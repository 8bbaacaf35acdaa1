import { number } from "../lib/format.js";
import { create, html, refs, setText } from "../lib/html.js";
import { headlineKeys } from "../lib/report.js";
import { CRITERIA } from "../lib/words.js";
import "./cw-sparkline.js";

/** Changes of less than 5 %, and those within the scatter, are called flat. */
const FLAT = Math.log(1.05);

/** The collapse at a glance: the newest value of each criterion, where it goes, what it is. */
class Glance extends HTMLElement {
  #tiles = {};

  connectedCallback() {
    if (this.#tiles.nc1) return;
    this.setAttribute("aria-label", "Collapse at a glance");
    for (const name of Object.keys(CRITERIA)) this.#tiles[name] = this.#tile(name);
  }

  #tile(name) {
    const { short, name: called, words } = CRITERIA[name];
    const element = create(html`<div class="tile" tabindex="0" aria-describedby="hint-${name}">
      <p class="tile-name"><b>${short}</b> ${called}</p>
      <p class="tile-value" data-ref="value">–</p>
      <cw-sparkline data-ref="spark"></cw-sparkline>
      <p class="tile-trend" data-ref="trend"></p>
      <p class="tile-snapshot" data-ref="snapshot"></p>
      <p class="hint" role="tooltip" id="hint-${name}"><code data-ref="key"></code> ${words}</p>
    </div>`);
    this.append(element);
    return refs(element);
  }

  /**
   * @param {{rolling?: object, snapshot?: object}} latest reports
   * @param {(key: string) => {step: number[], values: (number|null)[]}} past of a key, rolling
   */
  show(latest, past) {
    const keys = headlineKeys(latest.rolling ?? latest.snapshot);
    for (const [name, key] of Object.entries(keys)) this.#write(this.#tiles[name], key, latest, past(key));
  }

  #write(tile, key, { rolling, snapshot }, { step, values }) {
    setText(tile.key, key);
    setText(tile.value, number((rolling ?? snapshot)?.metrics?.[key]));
    tile.spark.set(...recent(step, values));
    setText(tile.trend, trend(values));
    const exact = snapshot?.metrics?.[key];
    setText(tile.snapshot, exact === undefined || !rolling ? "" : `snapshot ${number(exact)}`);
  }
}

const MOST = 100;

function recent(step, values) {
  const every = Math.max(1, Math.ceil(step.length / MOST));
  const keep = (_, i) => (step.length - 1 - i) % every === 0;
  return [step.filter(keep), values.filter(keep)];
}

/** Where a criterion went over the newest third, in words; by quartiles, so that odd windows and noise say nothing. */
function trend(values) {
  const there = values.filter((value) => value !== null && value !== undefined);
  if (there.length < 12) return "";
  const third = there.slice(-Math.ceil(there.length / 3));
  const width = Math.max(3, Math.floor(third.length / 4));
  const [then, now] = [quartiles(third.slice(0, width)), quartiles(third.slice(-width))];
  if (then[1] === 0 && now[1] === 0) return "→ at 0";
  const falling = now[2] < then[0];
  if (!falling && now[0] <= then[2]) return "→ flat";
  if (!(then[1] > 0 && now[1] > 0)) return falling ? "↓ falling" : "↑ rising";
  const change = now[1] / then[1];
  if (Math.abs(Math.log(change)) < FLAT) return "→ flat";
  return falling ? `↓ falling, ÷ ${number(1 / change)}` : `↑ rising, × ${number(change)}`;
}

function quartiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return [0.25, 0.5, 0.75].map((share) => sorted[Math.floor(share * sorted.length)]);
}

customElements.define("cw-glance", Glance);
