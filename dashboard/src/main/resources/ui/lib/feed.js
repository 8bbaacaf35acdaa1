import { address } from "./api.js";

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8000;
const BEATS_EVERY_MS = 10_000;
const HIDDEN_FOR_MS = 5000;

/**
 * The server's events for as long as the page is open.
 *
 * Fires `up` (detail.again: not for the first time, so whatever was loaded may have a gap), `down`
 * (detail.retryMs), and `report`, `curve`, `run`, `alert`, `gone` with the event's data as detail. It reconnects itself; a page that
 * nobody sees lets go of its connection, since a browser opens only six to a server.
 */
export class Feed extends EventTarget {
  #run;
  #source = null;
  #timer = 0;
  #hiddenTimer = 0;
  #retryMs = FIRST_RETRY_MS;
  #everUp = false;
  #lastBeat = 0;
  /** Milliseconds by which the server's clock is ahead of this one's. */
  skewMs = 0;

  /** @param {string} [run] whose reports to be told of */
  constructor(run) {
    super();
    this.#run = run;
  }

  start() {
    document.addEventListener("visibilitychange", () => this.#onVisibility());
    // A browser keeps pages that were left, for its back button, and their connections with them.
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", (event) => event.persisted && this.#open());
    setInterval(() => this.#checkBeat(), BEATS_EVERY_MS / 2);
    this.#open();
    return this;
  }

  #open() {
    this.#close();
    this.#lastBeat = performance.now();
    const source = new EventSource(address("api/v1/events", { run: this.#run }));
    this.#source = source;
    source.addEventListener("hello", () => this.#onUp());
    source.addEventListener("beat", (event) => this.#onBeat(JSON.parse(event.data)));
    source.addEventListener("error", () => this.#onDown());
    for (const kind of ["report", "curve", "run", "alert", "gone"]) {
      source.addEventListener(kind, (event) => this.#fire(kind, JSON.parse(event.data)));
    }
  }

  #close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #onUp() {
    this.#retryMs = FIRST_RETRY_MS;
    this.#fire("up", { again: this.#everUp });
    this.#everUp = true;
  }

  #onBeat({ now_ms: now }) {
    this.#lastBeat = performance.now();
    if (Number.isFinite(now)) this.skewMs = now - Date.now();
  }

  #onDown() {
    this.#close();
    this.#fire("down", { retryMs: this.#retryMs });
    this.#timer = setTimeout(() => this.#open(), this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
  }

  /** A connection that died without a word, as after a laptop's sleep, is known by its missing beats. */
  #checkBeat() {
    if (this.#source && performance.now() - this.#lastBeat > 3 * BEATS_EVERY_MS) this.#onDown();
  }

  #onVisibility() {
    clearTimeout(this.#hiddenTimer);
    if (document.hidden) this.#hiddenTimer = setTimeout(() => this.#close(), HIDDEN_FOR_MS);
    else if (!this.#source) this.#open();
  }

  #fire(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}
