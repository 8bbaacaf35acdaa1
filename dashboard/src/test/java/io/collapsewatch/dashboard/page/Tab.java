package io.collapsewatch.dashboard.page;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A tab of a browser, and everything that went wrong in it. */
public final class Tab implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Browser browser;
  private final String session;
  private final String target;
  private final List<String> problems = new CopyOnWriteArrayList<>();

  Tab(Browser browser, String session, String target) {
    this.browser = browser;
    this.session = session;
    this.target = target;
    browser.listen(session, this::take);
    for (String domain : List.of("Page", "Runtime", "Log")) {
      send(domain + ".enable", Map.of());
    }
    size(1280, 900);
  }

  private void take(JsonNode event) {
    JsonNode parameters = event.path("params");
    switch (event.path("method").asText()) {
      case "Runtime.exceptionThrown" ->
          problems.add(parameters.path("exceptionDetails").path("exception").toString());
      case "Log.entryAdded" -> takeLog(parameters.path("entry"));
      case "Page.javascriptDialogOpening" -> problems.add("dialog: " + parameters.path("message"));
      default -> {}
    }
  }

  /** A server that is away is no mistake of the page. */
  private void takeLog(JsonNode entry) {
    if (entry.path("level").asText().equals("error")
        && !entry.path("source").asText().equals("network")) {
      problems.add(entry.path("text").asText());
    }
  }

  private JsonNode send(String method, Map<String, ?> parameters) {
    return browser.send(session, method, parameters);
  }

  /** Exceptions, breaches of the content security policy and dialogs, in order. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  public Tab go(String address) {
    send("Page.navigate", Map.of("url", address));
    return this;
  }

  public Tab size(int width, int height) {
    Map<String, ?> metrics =
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false);
    send("Emulation.setDeviceMetricsOverride", metrics);
    return this;
  }

  /**
   * Sets what the system prefers.
   *
   * @param scheme {@code dark} or {@code light}
   */
  public Tab prefer(String scheme) {
    Map<String, ?> feature = Map.of("name", "prefers-color-scheme", "value", scheme);
    send("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
    return this;
  }

  /** The value of an expression, or of the promise that it is. */
  public JsonNode eval(String expression) {
    Map<String, ?> asked =
        Map.of("expression", expression, "awaitPromise", true, "returnByValue", true);
    JsonNode answer = send("Runtime.evaluate", asked);
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  public String text(String selector) {
    return eval("document.querySelector(`%s`)?.textContent ?? ''".formatted(selector)).asText();
  }

  /** Waits until an expression is true. */
  public Tab until(String expression) {
    await(expression)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(() -> eval("Boolean(%s)".formatted(expression)).asBoolean());
    return this;
  }

  public Tab click(String selector) {
    eval("document.querySelector(`%s`).click()".formatted(selector));
    return this;
  }

  /** Presses the mouse at a share of an element's width, moves it to another and lets go. */
  public Tab drag(String selector, double from, double to) {
    JsonNode box =
        eval(
            "(({x, y, width, height}) => ({x, y, width, height}))(document.querySelector(`%s`).getBoundingClientRect())"
                .formatted(selector));
    double y = box.get("y").asDouble() + box.get("height").asDouble() / 2;
    double left = box.get("x").asDouble();
    double width = box.get("width").asDouble();
    mouse("mouseMoved", left + from * width, y, 0);
    mouse("mousePressed", left + from * width, y, 1);
    mouse("mouseMoved", left + (from + to) / 2 * width, y, 1);
    mouse("mouseMoved", left + to * width, y, 1);
    mouse("mouseReleased", left + to * width, y, 0);
    return this;
  }

  private void mouse(String type, double x, double y, int buttons) {
    Map<String, ?> event =
        Map.of("type", type, "x", x, "y", y, "button", "left", "buttons", buttons, "clickCount", 1);
    send("Input.dispatchMouseEvent", event);
  }

  /**
   * Presses a key and lets it go.
   *
   * @param key as in a keyboard event, with its character if it has one
   */
  public Tab press(String key) {
    Map<String, ?> down =
        key.length() == 1
            ? Map.of("type", "keyDown", "key", key, "text", key)
            : Map.of("type", "keyDown", "key", key);
    send("Input.dispatchKeyEvent", down);
    send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    return this;
  }

  @Override
  public void close() {
    browser.send("", "Target.closeTarget", Map.of("targetId", target));
  }
}
