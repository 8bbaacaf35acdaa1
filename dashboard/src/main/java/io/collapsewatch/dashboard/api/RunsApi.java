package io.collapsewatch.dashboard.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.board.WatchedRun;
import io.collapsewatch.dashboard.history.History;
import io.collapsewatch.protocol.CheckKey;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.Printable;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.function.Predicate;

/** The runs, one run, hiding it, and the catalogue of metrics and of checks of theory. */
final class RunsApi {

  private static final int MOST_ALERTS = 100;

  private final Board board;
  private final History history;
  private final Predicate<String> hide;

  /**
   * @param hide hides the run of that id; says whether there is one
   */
  RunsApi(Board board, History history, Predicate<String> hide) {
    this.board = board;
    this.history = history;
    this.hide = hide;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/api/v1/runs", this::runs);
    routes.get("/api/v1/runs/{run}", this::run);
    routes.delete("/api/v1/runs/{run}", this::hide);
    routes.get("/api/v1/catalog", RunsApi::catalog);
  }

  private void runs(Context ctx) {
    ArrayNode runs = Json.array();
    board.runs().forEach(run -> runs.add(RunJson.withSpark(run)));
    Json.answer(ctx, Json.bytes(Json.object().set("runs", runs)));
  }

  private void run(Context ctx) {
    WatchedRun run = require(board, ctx);
    ObjectNode answer = Json.object();
    answer.set("run", RunJson.withSpark(run));
    ArrayNode attempts = answer.putArray("attempts");
    history.attempts(run.id()).forEach(attempts::add);
    ArrayNode latest = answer.putArray("latest");
    history.latest(run.id()).forEach(report -> latest.add(windowOf(Json.read(report))));
    ArrayNode alerts = answer.putArray("alerts");
    history.alerts(run.id(), MOST_ALERTS).forEach(alert -> alerts.add(Json.read(alert)));
    history.curve(run.id()).ifPresent(curve -> answer.set("curve", Json.read(curve)));
    Json.answer(ctx, Json.bytes(answer));
  }

  private static ObjectNode windowOf(JsonNode report) {
    ObjectNode window = Json.object();
    for (String field : new String[] {"split", "layer", "kind"}) {
      window.set(field, report.get(field));
    }
    window.set("report", report);
    return window;
  }

  private void hide(Context ctx) {
    String run = ctx.pathParam("run");
    if (!hide.test(run)) {
      throw unknown(run);
    }
    ctx.status(HttpStatus.NO_CONTENT);
  }

  private static void catalog(Context ctx) {
    ObjectNode answer = Json.object();
    ArrayNode metrics = answer.putArray("metrics");
    for (MetricKey metric : MetricKey.values()) {
      add(metrics, metric.key(), metric.unit(), metric.help());
    }
    ArrayNode checks = answer.putArray("checks");
    for (CheckKey check : CheckKey.values()) {
      add(checks, check.key(), check.unit(), check.help());
    }
    Json.answer(ctx, Json.bytes(answer));
  }

  private static void add(ArrayNode catalog, String key, String unit, String help) {
    catalog.addObject().put("key", key).put("unit", unit).put("help", help);
  }

  /** The run that the path names. */
  static WatchedRun require(Board board, Context ctx) {
    String run = ctx.pathParam("run");
    return board.run(run).orElseThrow(() -> unknown(run));
  }

  private static Refusal unknown(String run) {
    return new Refusal(
        HttpStatus.NOT_FOUND,
        "not_found",
        "there is no run %s; GET /api/v1/runs lists those that there are"
            .formatted(Printable.quote(run)));
  }
}
