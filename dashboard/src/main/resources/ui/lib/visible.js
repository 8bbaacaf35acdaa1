/**
 * Work for elements that are in sight; for others it waits until they are.
 * A run's page has a dozen charts, of which a screen shows a few.
 */
export class Visible {
  #inSight = new Set();
  #waiting = new Map();
  #observer = new IntersectionObserver((entries) => this.#onChange(entries), { rootMargin: "150px" });

  watch(element) {
    this.#observer.observe(element);
  }

  /** Does the work now if the element is in sight, else once when it comes to be; the latest work for it counts. */
  run(element, work) {
    if (this.#inSight.has(element)) work();
    else this.#waiting.set(element, work);
  }

  #onChange(entries) {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) this.#inSight.delete(target);
      else {
        this.#inSight.add(target);
        const work = this.#waiting.get(target);
        this.#waiting.delete(target);
        work?.();
      }
    }
  }
}
