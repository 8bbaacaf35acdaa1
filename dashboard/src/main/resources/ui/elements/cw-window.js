import { percent, whole } from "../lib/format.js";
import { create, html, render, setText } from "../lib/html.js";
import { dropped } from "../lib/report.js";

/** Which samples the numbers on the page are of, and what was lost on the way here. */
class Window extends HTMLElement {
  #refs;

  connectedCallback() {
    this.#refs = render(
      this,
      html`<figure class="panel window">
        <header class="panel-head"><h3>Newest window</h3></header>
        <div class="complete">
          <span>complete</span>
          <span class="bar-track"><span class="bar-fill" data-ref="fill"></span></span>
          <b data-ref="share"></b>
        </div>
        <dl class="facts">
          <div><dt>samples</dt><dd data-ref="samples"></dd></div>
          <div><dt>fewest of a class</dt><dd data-ref="fewest"></dd></div>
          <div><dt>classes present</dt><dd data-ref="classes"></dd></div>
          <div><dt>steps</dt><dd data-ref="steps"></dd></div>
          <div><dt>classifier of step</dt><dd data-ref="classifier"></dd></div>
        </dl>
        <h4>Lost before the analyzer</h4>
        <ul class="drops" data-ref="drops"></ul>
        <p class="words" data-ref="none">Nothing.</p>
        <h4 data-ref="missing" hidden>What is missing here</h4>
        <ul class="notes" data-ref="notes"></ul>
      </figure>`,
    );
  }

  /** @param {object} [report] the newest of the chosen split, layer and kind */
  show(report) {
    const metrics = report?.metrics ?? {};
    this.#refs.fill.style.width = `${100 * (report?.completeness ?? 0)}%`;
    setText(this.#refs.share, percent(report?.completeness));
    setText(this.#refs.samples, whole(metrics.samples));
    setText(this.#refs.fewest, whole(metrics.samples_per_class_min));
    setText(this.#refs.classes, `${whole(metrics.classes_present)} of ${report?.classes ?? "?"}`);
    setText(this.#refs.steps, report ? `${whole(report.step_first)}–${whole(report.step_last)}` : "–");
    setText(this.#refs.classifier, whole(report?.classifier_step));
    this.#list(this.#refs.drops, losses(report?.dropped ?? {}));
    this.#refs.none.hidden = !report || dropped(report) > 0;
    this.#list(this.#refs.notes, report?.notes ?? []);
    this.#refs.missing.hidden = !report?.notes?.length;
  }

  #list(list, texts) {
    while (list.children.length > texts.length) list.lastElementChild.remove();
    while (list.children.length < texts.length) list.append(create(html`<li></li>`));
    texts.forEach((text, i) => setText(list.children[i], text));
  }
}

/** Most first, each with its reason. */
function losses(counts) {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${whole(count)} ${reason.replaceAll("_", " ")}`);
}

customElements.define("cw-window", Window);
