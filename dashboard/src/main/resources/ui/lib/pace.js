const LONGEST_MS = 1000;

/**
 * Draws charts as often as it can be seen: at once when live reports have moved one by a pixel, else within a second. Of a long
 * run most reports move nothing.
 */
export class Pace {
  #drawn = new Map();
  #timers = new Map();

  /**
   * @param {object} chart whatever stands for it
   * @param {number} first step of the run
   * @param {number} newest step of the run
   * @param {() => void} draw draws it with all there is
   */
  live(chart, first, newest, draw) {
    clearTimeout(this.#timers.get(chart));
    const now = performance.now();
    const drawn = this.#drawn.get(chart) ?? { step: first, ms: -Infinity };
    const wait = drawn.ms + LONGEST_MS - now;
    const moved = ((newest - drawn.step) / (newest - first)) * innerWidth;
    if (wait <= 0 || moved >= 1) {
      this.#drawn.set(chart, { step: newest, ms: now });
      draw();
    } else {
      this.#timers.set(chart, setTimeout(() => this.live(chart, first, newest, draw), wait));
    }
  }
}
