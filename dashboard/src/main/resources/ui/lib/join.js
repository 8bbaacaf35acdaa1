/**
 * Tables with an x of their own each, as one table for a chart: a row for each row of each table, in order of x.
 * Cells of another table are undefined, which a line runs through, where null is a gap.
 * @param {{x: number[], columns: (number|null)[][]}[]} tables x ascending
 * @returns {(number|null|undefined)[][]} x, then the columns of each table in turn
 */
export function join(tables) {
  if (tables.length === 1) return [tables[0].x, ...tables[0].columns];
  const rows = tables.reduce((sum, table) => sum + table.x.length, 0);
  const x = new Array(rows);
  const joined = tables.map((table) => table.columns.map(() => new Array(rows)));
  const next = tables.map(() => 0);
  for (let row = 0; row < rows; row++) {
    const t = first(tables, next);
    const from = next[t]++;
    x[row] = tables[t].x[from];
    tables[t].columns.forEach((column, c) => (joined[t][c][row] = column[from]));
  }
  return [x, ...joined.flat()];
}

function first(tables, next) {
  let best = -1;
  for (let t = 0; t < tables.length; t++) {
    if (next[t] < tables[t].x.length && (best < 0 || tables[t].x[next[t]] < tables[best].x[next[best]])) best = t;
  }
  return best;
}
