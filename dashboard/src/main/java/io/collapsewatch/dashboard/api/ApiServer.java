package io.collapsewatch.dashboard.api;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.history.History;
import io.collapsewatch.dashboard.history.HistoryException;
import io.collapsewatch.protocol.Printable;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.net.BindException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dashboard over HTTP. What is refused is answered with a problem (RFC 9457) whose {@code
 * detail} is one sentence and whose {@code reason} is a fixed word.
 */
public final class ApiServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ApiServer.class);
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Door door;
  private final AccessGuard guard;
  private final RunsApi runs;
  private final SeriesApi series;
  private final MarginsApi margins;
  private final EventStream events;
  private final Supplier<byte[]> metrics;
  private final Supplier<List<String>> missing;
  private final Javalin app;

  private ApiServer(
      Door door,
      Board board,
      History history,
      Predicate<String> hide,
      EventStream events,
      Supplier<byte[]> metrics,
      Supplier<List<String>> missing) {
    this.door = door;
    this.guard = new AccessGuard(door);
    this.runs = new RunsApi(board, history, hide);
    this.series = new SeriesApi(board, history);
    this.margins = new MarginsApi(board, history);
    this.events = events;
    this.metrics = metrics;
    this.missing = missing;
    this.app = Javalin.create(this::configure);
  }

  /**
   * A server that is not started yet.
   *
   * @param hide hides the run of that id; says whether there is one
   * @param metrics in Prometheus' text format
   * @param missing what keeps the process from working, for {@code /health/ready}; empty when ready
   */
  public static ApiServer create(
      Door door,
      Board board,
      History history,
      Predicate<String> hide,
      EventStream events,
      Supplier<byte[]> metrics,
      Supplier<List<String>> missing) {
    return new ApiServer(door, board, history, hide, events, metrics, missing);
  }

  /**
   * Begins to listen.
   *
   * @throws CannotListenException if the port is taken or the address is not this machine's
   */
  public void start() {
    try {
      app.start(door.host(), door.port());
    } catch (RuntimeException e) {
      throw bindFailure(e).map(this::cannotListen).orElse(e);
    }
  }

  private static Optional<BindException> bindFailure(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException bind) {
        return Optional.of(bind);
      }
    }
    return Optional.empty();
  }

  private RuntimeException cannotListen(BindException e) {
    String reason = String.valueOf(e.getMessage());
    return new CannotListenException(
        reason.contains("in use")
            ? "port %d is taken; choose another with --port".formatted(door.port())
            : "cannot listen on %s, port %d: %s; choose others with --bind and --port"
                .formatted(Printable.quote(door.host()), door.port(), reason),
        e);
  }

  /** The port it listens on, once started. */
  public int port() {
    return app.port();
  }

  /** Each method and path that is answered. */
  Set<String> routes() {
    return app.unsafe.internalRouter.allHttpHandlers().stream()
        .map(parsed -> parsed.endpoint)
        .filter(endpoint -> endpoint.method.isHttpMethod())
        .map(endpoint -> endpoint.method.name() + " " + endpoint.path)
        .collect(toSet());
  }

  /** Disconnects who listens to events, finishes the other requests and stops listening. */
  @Override
  public void close() {
    events.close();
    app.stop();
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    addRoutes(config.routes);
    config.routes.exception(Refusal.class, ApiServer::answer);
    config.routes.exception(HistoryException.class, ApiServer::unreadable);
    config.routes.exception(HttpResponseException.class, ApiServer::unknown);
    config.routes.exception(Exception.class, ApiServer::failed);
  }

  private void addRoutes(RoutesConfig routes) {
    routes.before(guard::check);
    runs.addTo(routes);
    series.addTo(routes);
    margins.addTo(routes);
    events.addTo(routes);
    Pages.addTo(routes);
    routes.get("/metrics", ctx -> ctx.contentType(METRICS_TYPE).result(metrics.get()));
    routes.get("/health/live", ctx -> ctx.status(HttpStatus.OK));
    routes.get("/health/ready", this::ready);
  }

  private void ready(Context ctx) {
    List<String> sentences = missing.get();
    ctx.status(sentences.isEmpty() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    ObjectNode answer = Json.object().put("ready", sentences.isEmpty());
    ArrayNode reasons = answer.putArray("reasons");
    sentences.forEach(reasons::add);
    Json.answer(ctx, Json.bytes(answer));
  }

  private static void unknown(HttpResponseException e, Context ctx) {
    HttpStatus status = HttpStatus.forStatus(e.getStatus());
    String reason = status.getMessage().toLowerCase(Locale.ROOT).replace(' ', '_');
    answer(
        new Refusal(
            status,
            reason,
            "cannot answer %s %s; /openapi.json says what can be asked"
                .formatted(ctx.method(), Printable.quote(ctx.path()))),
        ctx);
  }

  private static void unreadable(HistoryException e, Context ctx) {
    log.error("a request to {} failed", Printable.quote(ctx.path()), e);
    answer(new Refusal(HttpStatus.SERVICE_UNAVAILABLE, "history", e.getMessage()), ctx);
  }

  private static void failed(Exception e, Context ctx) {
    log.error("a request to {} failed", Printable.quote(ctx.path()), e);
    answer(
        new Refusal(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "internal",
            "the dashboard failed to handle the request; its log says why"),
        ctx);
  }

  private static void answer(Refusal refusal, Context ctx) {
    ObjectNode problem =
        Json.object()
            .put("type", "about:blank")
            .put("title", refusal.status().getMessage())
            .put("status", refusal.status().getCode())
            .put("detail", refusal.getMessage())
            .put("reason", refusal.reason());
    ctx.status(refusal.status())
        .contentType("application/problem+json")
        .result(Json.bytes(problem));
  }
}
