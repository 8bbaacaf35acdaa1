package io.collapsewatch.dashboard.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.collapsewatch.dashboard.board.WatchedRun;
import io.collapsewatch.dashboard.series.Spark;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.codec.RunStatusJson;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A run in the list of runs. */
final class RunJson {

  /** A list of many runs stays readable however much text a run brings along. */
  private static final int MOST_TAGS = 100;

  private static final int LONGEST_TEXT = 1000;

  /** What a status says of how the run stands, beside the state and its reason. */
  private static final List<String> JUDGED =
      List.of("since_ms", "terminal_step", "terminal_epoch", "floor", "trend");

  private RunJson() {}

  static ObjectNode withSpark(WatchedRun run) {
    ObjectNode json = summary(run);
    json.set("spark", spark(run.spark()));
    return json;
  }

  static ObjectNode summary(WatchedRun run) {
    ObjectNode json = Json.object();
    json.put("run", run.id());
    json.put("attempt", run.attempt());
    JsonNode status = run.status().map(RunJson::read).orElse(Json.object());
    putState(json, run, status);
    json.put("started_ms", run.startedMs());
    json.put("last_ms", run.lastMs());
    json.put("step", run.step());
    run.epoch().ifPresent(epoch -> json.put("epoch", epoch));
    run.classes().ifPresent(classes -> json.put("classes", classes));
    run.dim().ifPresent(dim -> json.put("dim", dim));
    run.nc1().ifPresent(nc1 -> json.put("nc1", nc1));
    json.put("reports", run.reports());
    int firing = run.alerts().firing().size();
    if (firing > 0) {
      json.put("alerts_firing", firing);
    }
    putSettings(json, run, status);
    return json;
  }

  /** A status of an earlier attempt says nothing of how this one stands. */
  private static void putState(ObjectNode json, WatchedRun run, JsonNode status) {
    json.put(
        "state", run.state().map(state -> state.name().toLowerCase(Locale.ROOT)).orElse("unknown"));
    if (run.state().isEmpty()) {
      return;
    }
    json.put("reason", cut(status.path("reason").asText()));
    for (String field : JUDGED) {
      if (status.has(field)) {
        json.set(field, status.get(field));
      }
    }
  }

  private static void putSettings(ObjectNode json, WatchedRun run, JsonNode status) {
    json.set("tags", tags(run.status().map(s -> s.settings().tags()).orElse(Map.of())));
    json.set(
        "settings", status.path("settings").isObject() ? status.get("settings") : Json.object());
  }

  private static ObjectNode tags(Map<String, String> tags) {
    ObjectNode json = Json.object();
    new TreeMap<>(tags)
        .entrySet().stream()
            .limit(MOST_TAGS)
            .forEach(tag -> json.put(cut(tag.getKey()), cut(tag.getValue())));
    return json;
  }

  /** As the topic has it; the tags, which may be long, are left out before anything is written. */
  private static JsonNode read(RunStatus status) {
    JsonNode read = Json.read(RunStatusJson.encode(status));
    if (read.path("settings") instanceof ObjectNode settings) {
      settings.remove("tags");
    }
    return read;
  }

  private static ObjectNode spark(Spark spark) {
    ArrayNode steps = Json.array();
    ArrayNode nc1 = Json.array();
    for (Spark.Point point : spark.points()) {
      steps.add(point.step());
      nc1.add(point.value());
    }
    ObjectNode json = Json.object();
    json.set("step", steps);
    json.set("nc1", nc1);
    return json;
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
  }
}
