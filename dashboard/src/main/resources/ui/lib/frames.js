/**
 * Collects what arrives and hands it on once a frame, however much came.
 * @param {string} name of the measure that each such work leaves in the performance timeline
 * @param {(items: any[]) => void} apply
 * @returns {(item: any) => void}
 */
export function perFrame(name, apply) {
  let waiting = [];
  return (item) => {
    waiting.push(item);
    if (waiting.length === 1) {
      requestAnimationFrame(() => {
        const items = waiting;
        waiting = [];
        measured(name, () => apply(items));
      });
    }
  };
}

/** An observer sees each measure; none is kept, for the page is open all day. */
function measured(name, work) {
  const start = performance.now();
  work();
  performance.measure(name, { start, end: performance.now() });
  performance.clearMeasures(name);
}
