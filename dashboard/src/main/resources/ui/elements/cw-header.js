import { html, render, setText } from "../lib/html.js";
import { chosenTheme, nextTheme } from "../lib/theme.js";

const THEME_NAMES = { auto: "system", light: "light", dark: "dark" };
const PATIENCE_MS = 1200;

/** The bar on top of every page: where one is, how the connection stands, the theme. */
class Header extends HTMLElement {
  #refs;
  #lost = 0;
  #retryTimer = 0;

  connectedCallback() {
    this.#refs = render(
      this,
      html`<a class="skip" href="#main">Skip to the content</a>
        <header class="bar">
          <a class="brand" href="./"><span class="mark" aria-hidden="true"></span>CollapseWatch</a>
          <nav aria-label="Pages"><a href="./">Runs</a></nav>
          <span class="connection" data-ref="connection" role="status">connecting</span>
          <button type="button" class="quiet theme" data-ref="theme"></button>
        </header>
        <p class="banner" data-ref="banner" role="alert" hidden></p>`,
    );
    this.#refs.theme.addEventListener("click", () => {
      nextTheme();
      this.#nameTheme();
    });
    this.#nameTheme();
  }

  #nameTheme() {
    const name = THEME_NAMES[chosenTheme()];
    setText(this.#refs.theme, `◐ ${name}`);
    this.#refs.theme.setAttribute("aria-label", `Theme: ${name}. Change it`);
  }

  /** Shows how a feed stands. @param {import("../lib/feed.js").Feed} feed */
  follow(feed) {
    feed.addEventListener("up", () => this.#onUp());
    feed.addEventListener("down", (event) => this.#onDown(event.detail.retryMs));
  }

  #onUp() {
    clearTimeout(this.#retryTimer);
    this.#lost = 0;
    this.#refs.banner.hidden = true;
    this.#setConnection("live");
  }

  #onDown(retryMs) {
    this.#lost ||= Date.now();
    this.#setConnection("reconnecting");
    // A restart of a proxy is over before anybody has read a banner.
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#showBanner(retryMs), Math.max(0, PATIENCE_MS - (Date.now() - this.#lost)));
  }

  #showBanner(retryMs) {
    const since = new Date(this.#lost).toLocaleTimeString("sv");
    const every = Math.max(1, Math.round(retryMs / 1000));
    setText(
      this.#refs.banner,
      `The dashboard's server has not answered since ${since}. What is shown is from before; it is tried again every ${every} s.`,
    );
    this.#refs.banner.hidden = false;
  }

  #setConnection(state) {
    this.#refs.connection.dataset.state = state;
    setText(this.#refs.connection, state);
  }
}

customElements.define("cw-header", Header);
