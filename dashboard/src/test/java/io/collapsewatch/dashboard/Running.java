package io.collapsewatch.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.collapsewatch.dashboard.api.Door;
import io.collapsewatch.protocol.RunStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A dashboard that listens and is fed by the test, and a client of it. */
final class Running implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Fed> feeds = new ArrayList<>();
  private final Dashboard dashboard;

  private Running(Path folder, Door door, Supplier<List<String>> othersMissing) {
    dashboard =
        Dashboard.create(
            DashboardConfig.of("none:1", folder.resolve("history.db")).withDoor(door),
            othersMissing,
            intake -> {
              feeds.add(new Fed(intake));
              return feeds.get(0);
            });
    dashboard.start();
  }

  static Running in(Path folder) {
    return behind(Door.loopback(0), folder);
  }

  static Running behind(Door door, Path folder) {
    return new Running(folder, door, List::of);
  }

  static Running missing(Path folder, Supplier<List<String>> othersMissing) {
    return new Running(folder, Door.loopback(0), othersMissing);
  }

  Fed feed() {
    return feeds.get(0);
  }

  int port() {
    return dashboard.port();
  }

  /** Where a page is. */
  String address(String page) {
    return "http://127.0.0.1:%d/%s".formatted(port(), page);
  }

  DemoRun bringRun(String id, int reports) {
    return bringRun(id, reports, Map.of());
  }

  /** Brings a run of the demo as far as that many rolling reports, with passes and a status. */
  DemoRun bringRun(String id, int reports, Map<String, String> tags) {
    DemoRun run = new DemoRun(id, 10, System.currentTimeMillis() - reports * 1000L, 1000);
    for (int n = 0; n < reports; n++) {
      feed().bring(run.rolling(n));
      if (n % 10 == 0) {
        feed().bring(run.snapshot(n, "train"), run.snapshot(n, "test"));
      }
    }
    String reason = "every sample in the window is classified correctly";
    feed().bring(run.status(reports - 1, RunStatus.State.COLLAPSING, reason, tags));
    feed().bring(run.curve(reports - 1));
    return run;
  }

  boolean ready() {
    return dashboard.ready();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  /** The JSON of an answer 200. */
  JsonNode json(String path) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    return JSON.readTree(response.body());
  }

  /** The answer to bytes that an HTTP client would not send. */
  String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static void assertProblem(
      HttpResponse<String> response, int status, String reason, String sentence)
      throws IOException {
    JsonNode problem = JSON.readTree(response.body());
    assertThat(problem.path("detail").textValue()).isEqualTo(sentence);
    assertThat(problem.path("reason").textValue()).isEqualTo(reason);
    assertThat(problem.path("status").intValue()).isEqualTo(status);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Override
  public void close() {
    dashboard.close();
  }
}
