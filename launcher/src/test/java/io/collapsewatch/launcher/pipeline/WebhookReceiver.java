package io.collapsewatch.launcher.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.collapsewatch.analyzer.webhook.WebhookSettings;
import io.collapsewatch.analyzer.webhook.WebhookTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes alerts as somebody's webhook would. */
final class WebhookReceiver implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private volatile int status = 200;

  WebhookReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    JsonNode message = JSON.readTree(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    JsonNode alert = message.at("/alerts/0");
    taken.add(
        "%s %s %s"
            .formatted(
                message.path("status").textValue(),
                alert.at("/labels/run").textValue(),
                alert.path("startsAt").textValue()));
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  /** How it answers from now on. */
  void answer(int newStatus) {
    status = newStatus;
  }

  /** Status, run and beginning of each alert that it was sent, in order. */
  List<String> taken() {
    return List.copyOf(taken);
  }

  String url() {
    return "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
  }

  WebhookSettings settings() {
    return new WebhookSettings(List.of(WebhookTarget.parse(url())), true, Optional.empty());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
