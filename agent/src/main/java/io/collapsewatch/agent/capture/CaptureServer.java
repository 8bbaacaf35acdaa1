package io.collapsewatch.agent.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.collapsewatch.protocol.CaptureException;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.codec.CaptureCodec;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.net.BindException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures over HTTP: {@code POST /v1/capture} with one blob of any content type as body, answered
 * 202 and nothing else. What is refused is answered with a problem (RFC 9457) whose {@code detail}
 * is one sentence and whose {@code reason} is a fixed word: 400 {@code malformed}, {@code
 * unsupported_version}, {@code mismatch}; 413 {@code too_large}; 503 with {@code Retry-After},
 * {@code buffer_full} or {@code busy}; 401 {@code unauthorized}; 403 {@code forbidden}; 404 {@code
 * not_found}; 405 {@code method_not_allowed}. {@code GET /health/live} answers 200 while the
 * process works, {@code GET /health/ready} 200 or 503 with what is missing, {@code GET /metrics}
 * Prometheus' text format.
 */
public final class CaptureServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CaptureServer.class);
  private static final String CAPTURE_PATH = "/v1/capture";

  /** Enough to read one capture of the largest size. */
  private static final int BODY_BYTES = 128 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String host;
  private final int port;
  private final AccessGuard guard;
  private final CaptureIntake intake;
  private final Supplier<List<String>> missing;
  private final Supplier<byte[]> metrics;
  private final BodyReader bodies = new BodyReader(BODY_BYTES);
  private final Javalin app;

  private CaptureServer(
      String host,
      int port,
      Optional<String> token,
      CaptureIntake intake,
      Supplier<List<String>> missing,
      Supplier<byte[]> metrics) {
    this.host = host;
    this.port = port;
    this.guard = new AccessGuard(token);
    this.intake = intake;
    this.missing = missing;
    this.metrics = metrics;
    this.app = Javalin.create(this::configure);
  }

  /**
   * A server that is not started yet.
   *
   * @param host address to bind to
   * @param port 0 for any that is free
   * @param token what requests must bring; needed to bind to more than loopback
   * @param missing what keeps the process from working, for {@code /health/ready}; empty when ready
   * @param metrics what {@code /metrics} answers
   * @throws IllegalArgumentException if other machines could reach it without a token
   */
  public static CaptureServer create(
      String host,
      int port,
      Optional<String> token,
      CaptureIntake intake,
      Supplier<List<String>> missing,
      Supplier<byte[]> metrics) {
    AccessGuard.requireSafe(host, token);
    return new CaptureServer(host, port, token, intake, missing, metrics);
  }

  /**
   * Begins to listen.
   *
   * @throws CannotListenException if the port is taken or the address is not this machine's
   */
  public void start() {
    try {
      app.start(host, port);
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
            ? "port %d is taken; choose another with --agent-port".formatted(port)
            : "cannot listen on %s, port %d: %s; choose others with --bind and --agent-port"
                .formatted(Printable.quote(host), port, reason),
        e);
  }

  /** The port it listens on, once started. */
  public int port() {
    return app.port();
  }

  /** Stops listening; requests in progress are finished first. */
  @Override
  public void close() {
    app.stop();
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    config.routes.before(guard::requireNoBrowser);
    config.routes.post(CAPTURE_PATH, this::capture);
    config.routes.get("/health/live", ctx -> ctx.status(HttpStatus.OK));
    config.routes.get("/health/ready", this::ready);
    config.routes.get("/metrics", this::metrics);
    config.routes.exception(Refusal.class, CaptureServer::answer);
    config.routes.exception(CaptureException.class, (e, ctx) -> answer(Refusal.of(e), ctx));
    config.routes.exception(HttpResponseException.class, CaptureServer::unknown);
    config.routes.exception(Exception.class, CaptureServer::failed);
  }

  private void capture(Context ctx) {
    guard.requireToken(ctx);
    Counts.ByDoor counts = intake.counts().of(Door.HTTP);
    counts.receive();
    try {
      accept(ctx);
    } catch (RuntimeException e) {
      counts.refuse();
      throw e;
    }
    counts.take();
    ctx.status(HttpStatus.ACCEPTED);
  }

  private void accept(Context ctx) {
    try (BodyReader.Body body =
        bodies.read(ctx.bodyInputStream(), ctx.req().getContentLengthLong())) {
      if (!intake.accept(CaptureCodec.decode(body.bytes()))) {
        throw new Refusal(
            HttpStatus.SERVICE_UNAVAILABLE,
            DropReason.BUFFER_FULL,
            "the buffer before Kafka is full; send the capture again in a second");
      }
    }
  }

  private void metrics(Context ctx) {
    guard.requireToken(ctx);
    ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.get());
  }

  private void ready(Context ctx) {
    List<String> reasons = missing.get();
    ctx.status(reasons.isEmpty() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("ready", reasons.isEmpty());
    answer.put("reasons", reasons);
    ctx.contentType("application/json").result(json(answer));
  }

  private static void unknown(HttpResponseException e, Context ctx) {
    HttpStatus status = HttpStatus.forStatus(e.getStatus());
    String request = "%s %s".formatted(ctx.method(), Printable.quote(ctx.path()));
    if (status == HttpStatus.METHOD_NOT_ALLOWED) {
      String allowed = CAPTURE_PATH.equals(ctx.path()) ? "POST" : "GET";
      ctx.header("Allow", allowed);
      request += "; this path takes " + allowed;
    }
    String sentence =
        "cannot answer %s; there are POST %s, GET /health/live, GET /health/ready and GET /metrics"
            .formatted(request, CAPTURE_PATH);
    String reason = status.getMessage().toLowerCase(Locale.ROOT).replace(' ', '_');
    answer(new Refusal(status, reason, sentence), ctx);
  }

  private static void failed(Exception e, Context ctx) {
    log.error("a request to {} failed", Printable.quote(ctx.path()), e);
    answer(
        new Refusal(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "internal",
            "the agent failed to handle the request; its log says why"),
        ctx);
  }

  private static void answer(Refusal refusal, Context ctx) {
    if (refusal.status() == HttpStatus.SERVICE_UNAVAILABLE) {
      ctx.header("Retry-After", "1");
    }
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "about:blank");
    problem.put("title", refusal.status().getMessage());
    problem.put("status", refusal.status().getCode());
    problem.put("detail", refusal.getMessage());
    problem.put("reason", refusal.reason());
    ctx.status(refusal.status()).contentType("application/problem+json").result(json(problem));
  }

  private static byte[] json(Map<String, Object> value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of texts and numbers is always JSON", e);
    }
  }
}
