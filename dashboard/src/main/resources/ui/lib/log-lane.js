/**
 * A logarithmic axis has no 0, and a criterion that is exactly 0 is good news that must not vanish.
 * So values ≤ 0 are drawn on a lane of their own, a decade below the smallest positive one, which the axis labels 0.
 */
export class LogLane {
  /** Where the lane is; 0 where nothing needs it. */
  at = 0;

  /** @param {(number|null|undefined)[][]} columns of values; not modified */
  place(columns) {
    let smallest = Infinity;
    let needed = false;
    for (const column of columns) {
      for (const value of column) {
        if (value > 0) smallest = Math.min(smallest, value);
        else if (value !== null && value !== undefined) needed = true;
      }
    }
    this.at = needed ? 10 ** (Math.floor(Math.log10(smallest === Infinity ? 1 : smallest)) - 1) : 0;
    return needed ? columns.map((column) => column.map((value) => this.#onAxis(value))) : columns;
  }

  #onAxis(value) {
    return value === null || value === undefined || value > 0 ? value : this.at;
  }
}
