import { html, render } from "../lib/html.js";

/** What to do when there is no run yet. */
class Empty extends HTMLElement {
  connectedCallback() {
    render(
      this,
      html`<div class="empty">
        <h2>No run yet</h2>
        <p>A run appears here with its first capture; nothing needs to be set up on this page.</p>
        <h3>See it work</h3>
        <pre><code>./collapsewatch demo</code></pre>
        <p>trains two networks in front of a pipeline of its own: one collapses, the other does not.</p>
        <h3>Watch your own training</h3>
        <pre><code>./collapsewatch up</code></pre>
        <p>starts the pipeline. From a training loop in Java, a recorder sends features, labels and classifier; anything else posts
          captures, which are safetensors blobs with a few metadata fields:</p>
        <pre><code>curl --fail --data-binary @capture.safetensors http://127.0.0.1:7071/v1/capture</code></pre>
        <p>The README shows how to make one with nothing but Python's standard library.</p>
      </div>`,
    );
  }
}

customElements.define("cw-empty", Empty);
