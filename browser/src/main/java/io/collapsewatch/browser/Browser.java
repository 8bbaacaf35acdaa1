package io.collapsewatch.browser;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A headless Chromium, spoken to by its DevTools protocol. A library that drives browsers would
 * bring one of 190 MB into every build, also into those that run no test.
 */
public final class Browser implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "chrome");

  private final Process process;
  private final Path profile;
  private final WebSocket socket;

  /** One message after the other, as the socket wants them. */
  private final ExecutorService outgoing =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "to the browser");
            thread.setDaemon(true);
            return thread;
          });

  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final Map<String, Consumer<JsonNode>> listeners = new ConcurrentHashMap<>();

  private Browser(Process process, Path profile, URI address) {
    this.process = process;
    this.profile = profile;
    this.socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, new Reader()).join();
  }

  /** The program, where this machine has one on its path. */
  public static Optional<Path> find() {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin");
    return Stream.of(path.split(":", -1))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts a browser that nobody sees, with an empty profile that goes with it.
   *
   * @throws java.util.NoSuchElementException if this machine has none on its path
   */
  public static Browser start() {
    try {
      return start(find().orElseThrow(), Files.createTempDirectory("collapsewatch-browser"));
    } catch (IOException e) {
      throw new UncheckedIOException("the browser could not be started", e);
    }
  }

  private static Browser start(Path program, Path profile) throws IOException {
    ProcessBuilder chromium =
        new ProcessBuilder(
            program.toString(),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-dev-shm-usage",
            "--remote-debugging-port=0",
            "--user-data-dir=" + profile,
            "about:blank");
    // Its socket lies there, and goes with the profile.
    chromium.environment().put("TMPDIR", profile.toString());
    chromium.redirectErrorStream(true).redirectOutput(profile.resolve("output.txt").toFile());
    Process process = chromium.start();
    Path port = profile.resolve("DevToolsActivePort");
    await("Chromium's DevTools")
        .atMost(PATIENCE)
        .until(() -> Files.exists(port) && Files.readAllLines(port).size() == 2);
    List<String> lines = Files.readAllLines(port);
    URI address = URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
    return new Browser(process, profile, address);
  }

  /** An empty tab with a storage of its own. */
  public Tab tab() {
    String context =
        send("", "Target.createBrowserContext", Map.of()).get("browserContextId").asText();
    String target =
        send("", "Target.createTarget", Map.of("url", "about:blank", "browserContextId", context))
            .get("targetId")
            .asText();
    String session =
        send("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .get("sessionId")
            .asText();
    return new Tab(this, session, target, context);
  }

  void listen(String session, Consumer<JsonNode> listener) {
    listeners.put(session, listener);
  }

  /**
   * Sends a command and waits for its result.
   *
   * @param session of a tab; empty for the browser itself
   */
  JsonNode send(String session, String method, Map<String, ?> parameters) {
    JsonNode found =
        post(session, method, parameters).orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    if (found.has("error")) {
      throw new IllegalStateException(method + ": " + found.get("error"));
    }
    return found.get("result");
  }

  /** Sends a command; listeners, which must not wait, may do this as well. */
  CompletableFuture<JsonNode> post(String session, String method, Map<String, ?> parameters) {
    int id = lastId.incrementAndGet();
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    outgoing.execute(() -> socket.sendText(message.toString(), true).join());
    return answer;
  }

  private void take(JsonNode message) {
    if (message.has("id")) {
      answers.remove(message.get("id").asInt()).complete(message);
    } else {
      listeners.getOrDefault(message.path("sessionId").asText(), event -> {}).accept(message);
    }
  }

  @Override
  public void close() {
    outgoing.shutdownNow();
    socket.abort();
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroy);
    await("the end of Chromium")
        .atMost(PATIENCE)
        .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    delete(profile);
  }

  private static void delete(Path folder) {
    try (Stream<Path> content = Files.walk(folder)) {
      for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the browser's profile could not be deleted", e);
    }
  }

  private final class Reader implements WebSocket.Listener {

    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        take(parsed(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    private JsonNode parsed(String json) {
      try {
        return JSON.readTree(json);
      } catch (IOException e) {
        throw new IllegalStateException("DevTools sent no JSON", e);
      }
    }
  }
}
