package io.collapsewatch.browser;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A tab of a browser, and everything that went wrong in it. */
public final class Tab implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Of the keys that do something in the browser itself. */
  private static final Map<String, Integer> KEY_CODES =
      Map.of(
          "Tab",
          9,
          "Enter",
          13,
          "Escape",
          27,
          "ArrowLeft",
          37,
          "ArrowUp",
          38,
          "ArrowRight",
          39,
          "ArrowDown",
          40);

  private final Browser browser;
  private final String session;
  private final String target;
  private final String context;
  private volatile Map<String, ?> signingIn = Map.of();
  private final List<String> problems = new CopyOnWriteArrayList<>();

  Tab(Browser browser, String session, String target, String context) {
    this.browser = browser;
    this.context = context;
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
      case "Fetch.requestPaused" -> answer("Fetch.continueRequest", parameters, Map.of());
      case "Fetch.authRequired" -> answer("Fetch.continueWithAuth", parameters, signingIn);
      default -> {}
    }
  }

  private void answer(String method, JsonNode paused, Map<String, ?> more) {
    Map<String, Object> all = new HashMap<>(more);
    all.put("requestId", paused.path("requestId").asText());
    var unused = browser.post(session, method, all);
  }

  /** A server that is away is no mistake of the page. */
  private void takeLog(JsonNode entry) {
    if (entry.path("level").asText().equals("error")
        && !entry.path("source").asText().equals("network")) {
      problems.add(entry.path("text").asText());
    }
  }

  /** Answers what the browser asks of a person when a server wants to know who is there. */
  public Tab signIn(String name, String password) {
    return answerSignIn(
        Map.of("response", "ProvideCredentials", "username", name, "password", password));
  }

  /** Closes what the browser asks of a person when a server wants to know who is there. */
  public Tab refuseToSignIn() {
    return answerSignIn(Map.of("response", "CancelAuth"));
  }

  private Tab answerSignIn(Map<String, ?> answer) {
    signingIn = Map.of("authChallengeResponse", answer);
    send("Fetch.enable", Map.of("handleAuthRequests", true));
    return this;
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

  /** Runs a script on every page that is gone to from now on, before the page's own. */
  public Tab onEveryPage(String script) {
    send("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    return this;
  }

  /** The processor time that scripts of the page have taken so far, in seconds. */
  public double scriptSeconds() {
    send("Performance.enable", Map.of("timeDomain", "threadTicks"));
    for (JsonNode metric : send("Performance.getMetrics", Map.of()).path("metrics")) {
      if (metric.path("name").asText().equals("ScriptDuration")) {
        return metric.path("value").asDouble();
      }
    }
    throw new IllegalStateException("the browser does not say how long scripts have run");
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
    Box box = box(selector);
    mouse("mouseMoved", box.left(from), box.middle(), 0);
    mouse("mousePressed", box.left(from), box.middle(), 1);
    mouse("mouseMoved", box.left((from + to) / 2), box.middle(), 1);
    mouse("mouseMoved", box.left(to), box.middle(), 1);
    mouse("mouseReleased", box.left(to), box.middle(), 0);
    return this;
  }

  /** Moves the mouse to a share of an element's width, at half its height. */
  public Tab hover(String selector, double at) {
    Box box = box(selector);
    mouse("mouseMoved", box.left(at), box.middle(), 0);
    return this;
  }

  private Box box(String selector) {
    JsonNode box =
        eval(
            "(({x, y, width, height}) => ({x, y, width, height}))(document.querySelector(`%s`).getBoundingClientRect())"
                .formatted(selector));
    return new Box(
        box.get("x").asDouble(),
        box.get("y").asDouble(),
        box.get("width").asDouble(),
        box.get("height").asDouble());
  }

  private record Box(double x, double y, double width, double height) {
    double left(double share) {
      return x + share * width;
    }

    double middle() {
      return y + height / 2;
    }
  }

  private void mouse(String type, double x, double y, int buttons) {
    Map<String, ?> event =
        Map.of("type", type, "x", x, "y", y, "button", "left", "buttons", buttons, "clickCount", 1);
    send("Input.dispatchMouseEvent", event);
  }

  /**
   * Presses a key and lets it go.
   *
   * @param key as in a keyboard event: a character, or one of Tab, Enter, Escape and the arrows
   */
  public Tab press(String key) {
    Map<String, Object> event = new HashMap<>(Map.of("type", "keyDown", "key", key));
    if (KEY_CODES.containsKey(key)) {
      event.put("windowsVirtualKeyCode", KEY_CODES.get(key));
    }
    if (key.length() == 1 || key.equals("Enter")) {
      event.put("text", key.equals("Enter") ? "\r" : key);
    }
    send("Input.dispatchKeyEvent", event);
    send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    return this;
  }

  /** Lets downloads go into a folder. */
  public Tab saveInto(Path folder) {
    Map<String, ?> behaviour =
        Map.of("behavior", "allow", "downloadPath", folder.toString(), "browserContextId", context);
    browser.send("", "Browser.setDownloadBehavior", behaviour);
    return this;
  }

  /** What is seen now, as PNG. */
  public byte[] picture() {
    String base64 = send("Page.captureScreenshot", Map.of("format", "png")).get("data").asText();
    return Base64.getDecoder().decode(base64);
  }

  @Override
  public void close() {
    browser.send("", "Target.closeTarget", Map.of("targetId", target));
  }
}
