package io.collapsewatch.analyzer.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Against a server that answers as it is told. */
class WebhooksTest {

  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String SECRET = "T0secret";

  private final Deque<Integer> answers = new ArrayDeque<>();
  private final List<byte[]> received = new ArrayList<>();
  private final List<HttpExchange> requests = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Receiver.class);
  private final CompletableFuture<Void> cutOff = new CompletableFuture<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/" + SECRET, this::answer);
    server.createContext("/endless", this::answerWithoutEnd);
    server.createContext("/never", exchange -> requests.add(exchange));
    server.start();
    said.start();
    logger.setLevel(Level.WARN);
    logger.setAdditive(false);
    logger.addAppender(said);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(said);
    logger.setAdditive(true);
    logger.setLevel(null);
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    received.add(exchange.getRequestBody().readAllBytes());
    requests.add(exchange);
    int status = answers.isEmpty() ? 200 : answers.pop();
    exchange.getResponseHeaders().add("Location", "/" + SECRET);
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private void answerWithoutEnd(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      while (true) {
        body.write(new byte[1024]);
        body.flush();
      }
    } catch (IOException e) {
      cutOff.complete(null);
    }
  }

  private WebhookTarget target(String path) {
    return WebhookTarget.parse("%s/%s?key=%s".formatted(address(), path, SECRET));
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static Post post(Duration timeout) {
    return new Post(new TargetAddresses(true, InetAddress::getAllByName), timeout);
  }

  private Webhooks webhooks(WebhookTarget... targets) {
    return new Webhooks(
        new WebhookSettings(List.of(targets), true, Optional.empty()), post(LONG), pauses::add);
  }

  private List<String> sentences() {
    return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static List<Duration> seconds(Integer... seconds) {
    return Stream.of(seconds).map(Duration::ofSeconds).toList();
  }

  @Test
  void postsTheMessageAsJson() throws Exception {
    try (Webhooks webhooks = webhooks(target(SECRET))) {
      webhooks.deliver(GivenAlerts.firing());
    }

    assertThat(requests).hasSize(1);
    HttpExchange request = requests.get(0);
    assertThat(request.getRequestMethod()).isEqualTo("POST");
    assertThat(request.getRequestURI()).hasToString("/T0secret?key=T0secret");
    assertThat(request.getRequestHeaders().getFirst("Content-Type")).isEqualTo("application/json");
    assertThat(request.getRequestHeaders()).doesNotContainKey("Authorization");
    assertThat(new JsonMapper().readTree(received.get(0)).at("/alerts/0/labels/run").textValue())
        .isEqualTo("digits-plain");
    assertThat(sentences()).isEmpty();
  }

  @Test
  void sendsTheUserOfTheAddress() throws Exception {
    WebhookTarget target =
        WebhookTarget.parse(target(SECRET).address().toString().replace("//", "//me:pass@"));
    try (Webhooks webhooks = webhooks(target)) {
      webhooks.deliver(GivenAlerts.firing());
    }

    // base64 of "me:pass" by coreutils
    assertThat(requests.get(0).getRequestHeaders().getFirst("Authorization"))
        .isEqualTo("Basic bWU6cGFzcw==");
  }

  @Test
  void triesAgainAfterPausesThatDouble() throws Exception {
    answers.addAll(List.of(500, 503, 429, 200));
    try (Webhooks webhooks = webhooks(target(SECRET))) {
      webhooks.deliver(GivenAlerts.firing());
    }

    assertThat(requests).hasSize(4);
    assertThat(pauses).isEqualTo(seconds(1, 2, 4));
    assertThat(sentences()).isEmpty();
  }

  @Test
  void givesUpAfterSevenAttemptsAndCountsWhatIsLost() throws Exception {
    try (Webhooks webhooks = webhooks(target(SECRET))) {
      for (int i = 0; i < 14; i++) {
        answers.add(502);
      }
      webhooks.deliver(GivenAlerts.firing());
      webhooks.deliver(GivenAlerts.resolved());
    }

    assertThat(requests).hasSize(14);
    assertThat(pauses).isEqualTo(seconds(1, 2, 4, 8, 16, 32, 1, 2, 4, 8, 16, 32));
    assertThat(sentences())
        .containsExactly(
            "\"run digits-plain is stalled\" did not reach the webhook %s: it answered 502; alerts lost there since the start: 1"
                .formatted(address()),
            "\"run digits-plain is no longer stalled\" did not reach the webhook %s: it answered 502; alerts lost there since the start: 2"
                .formatted(address()));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 410})
  void doesNotRepeatWhatIsRefused(int status) throws Exception {
    answers.add(status);
    try (Webhooks webhooks = webhooks(target(SECRET))) {
      webhooks.deliver(GivenAlerts.firing());
    }

    assertThat(requests).hasSize(1);
    assertThat(sentences()).singleElement().asString().contains(": it answered " + status + ";");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void followsNoRedirect(int status) throws Exception {
    answers.add(status);
    try (Webhooks webhooks = webhooks(target(SECRET))) {
      webhooks.deliver(GivenAlerts.firing());
    }

    assertThat(requests).hasSize(1);
    assertThat(sentences())
        .containsExactly(
            "\"run digits-plain is stalled\" did not reach the webhook %s: it answered %d, a redirect, which is not followed; alerts lost there since the start: 1"
                .formatted(address(), status));
  }

  @ParameterizedTest
  @ValueSource(strings = {"never", "endless"})
  void waitsForAnAnswerThatDoesNotComeOrEndOnlySoLong(String path) throws Exception {
    assertThat(post(SHORT).attempt(target(path), new byte[0]))
        .isEqualTo(Post.Outcome.failed("it did not answer within 1 s"));
  }

  @Test
  void closesTheConnectionOfAnAnswerThatDoesNotEnd() throws Exception {
    Post.Outcome unused = post(SHORT).attempt(target("endless"), new byte[0]);

    assertThat(cutOff.get(10, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void triesAgainWhereNobodyListens() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    try (Webhooks webhooks = webhooks(WebhookTarget.parse("http://127.0.0.1:" + port))) {
      webhooks.deliver(GivenAlerts.firing());
    }

    assertThat(pauses).hasSize(6);
    assertThat(sentences()).singleElement().asString().contains(": it takes no connection;");
  }

  @Test
  void saysWhyTlsFailsAndNothingOfTheAddress(@TempDir Path folder) throws Exception {
    HttpsServer selfSigned =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    selfSigned.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder.resolve("keys"))));
    selfSigned.setExecutor(threads);
    selfSigned.start();
    try {
      String url = "https://127.0.0.1:%d/%s".formatted(selfSigned.getAddress().getPort(), SECRET);
      assertThat(post(LONG).attempt(WebhookTarget.parse(url), new byte[0]).reason())
          .startsWith("TLS failed (\"PKIX path building failed: ")
          .doesNotContain(SECRET);
    } finally {
      selfSigned.stop(0);
    }
  }

  private static SSLContext selfSigned(Path file) throws Exception {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String options = "-genkeypair -keyalg EC -dname CN=localhost -storetype PKCS12 -alias key";
    List<String> command = new ArrayList<>(List.of(keytool));
    command.addAll(List.of(options.split(" ", -1)));
    command.addAll(List.of("-storepass", SECRET, "-keystore", file.toString()));
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(KeyStore.getInstance(file.toFile(), SECRET.toCharArray()), SECRET.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  @Test
  void whatIsAwayHoldsUpTheOthersOnlyOnce() throws Exception {
    for (int i = 0; i < 8; i++) {
      answers.add(500);
    }
    try (Webhooks webhooks = webhooks(target(SECRET), WebhookTarget.parse(address()))) {
      webhooks.deliver(GivenAlerts.firing()); // seven attempts; the other's 404 is final
      webhooks.deliver(GivenAlerts.firing()); // one
      webhooks.deliver(GivenAlerts.firing()); // taken
      answers.add(500);
      webhooks.deliver(GivenAlerts.firing()); // patient again
    }

    assertThat(pauses).isEqualTo(seconds(1, 2, 4, 8, 16, 32, 1));
    assertThat(requests).hasSize(7 + 1 + 1 + 2);
  }

  @Test
  void postsNothingToAPrivateAddressUnlessAllowed() throws Exception {
    WebhookTarget target =
        WebhookTarget.parse("http://public.example.org:" + server.getAddress().getPort());
    Webhooks webhooks =
        new Webhooks(
            new WebhookSettings(List.of(target), false, Optional.empty()),
            new Post(
                new TargetAddresses(
                    false, host -> new InetAddress[] {InetAddress.getLoopbackAddress()}),
                LONG),
            pauses::add);
    try (webhooks) {
      webhooks.deliver(GivenAlerts.firing());
    }

    assertThat(pauses).isEmpty();
    assertThat(sentences())
        .containsExactly(
            "\"run digits-plain is stalled\" did not reach the webhook %s: 127.0.0.1 is a loopback address (127.0.0.0/8), and such are refused unless --webhook-allow-private is given; alerts lost there since the start: 1"
                .formatted(target));
  }

  @Test
  void endsAtOnceWhenItsThreadIsToldTo() {
    try (Webhooks webhooks = webhooks(target("never"))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> webhooks.deliver(GivenAlerts.firing()))
          .isInstanceOf(InterruptedException.class);
    }
    assertThat(sentences()).isEmpty();
  }
}
