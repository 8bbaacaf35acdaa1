package io.collapsewatch.analyzer.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.collapsewatch.protocol.Alert;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An alert as Alertmanager sends it to webhook receivers (version 4 of that message; see {@code
 * webhook_config} in Alertmanager's documentation), so that what reads Alertmanager's reads ours.
 * One alert is one group: its firing and its resolved message have the same {@code groupKey} and
 * {@code fingerprint}.
 */
final class AlertmanagerJson {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String RECEIVER = "collapsewatch";

  /** What Alertmanager writes for a time that is not known: the zero time of Go. */
  private static final String NO_TIME = "0001-01-01T00:00:00Z";

  private final Alert alert;
  private final String status;
  private final String dashboard;

  private AlertmanagerJson(Alert alert, Optional<URI> dashboard) {
    this.alert = alert;
    this.status = lower(alert.status());
    this.dashboard = dashboard.map(AlertmanagerJson::withoutSlash).orElse("");
  }

  /** The message in UTF-8; {@code dashboard} is where its links lead, absent: there are none. */
  static byte[] encode(Alert alert, Optional<URI> dashboard) {
    try {
      return MAPPER.writeValueAsBytes(new AlertmanagerJson(alert, dashboard).message());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the alert cannot be written as JSON", e);
    }
  }

  private ObjectNode message() {
    SortedMap<String, String> group = new TreeMap<>(labels());
    group.keySet().removeAll(Set.of("severity", "state"));
    ObjectNode message = MAPPER.createObjectNode().put("receiver", RECEIVER).put("status", status);
    message.putArray("alerts").add(item());
    message.set("groupLabels", MAPPER.valueToTree(group));
    message.set("commonLabels", MAPPER.valueToTree(labels()));
    message.set("commonAnnotations", MAPPER.valueToTree(annotations()));
    return message
        .put("externalURL", dashboard)
        .put("version", "4")
        .put("groupKey", "{}:" + text(group))
        .put("truncatedAlerts", 0);
  }

  private ObjectNode item() {
    ObjectNode item = MAPPER.createObjectNode().put("status", status);
    item.set("labels", MAPPER.valueToTree(labels()));
    item.set("annotations", MAPPER.valueToTree(annotations()));
    return item.put("startsAt", time(alert.startsMs()))
        .put("endsAt", alert.endsMs().isPresent() ? time(alert.endsMs().getAsLong()) : NO_TIME)
        .put("generatorURL", dashboard.isEmpty() ? "" : dashboard + "/run.html?run=" + alert.run())
        .put("fingerprint", "%016x".formatted(fingerprint(labels())));
  }

  private SortedMap<String, String> labels() {
    String state = lower(alert.state());
    return new TreeMap<>(
        Map.of(
            "alertname",
            "CollapseWatch" + state.substring(0, 1).toUpperCase(Locale.ROOT) + state.substring(1),
            "run",
            alert.run(),
            "attempt",
            Integer.toString(alert.attempt()),
            "state",
            state,
            "severity",
            "warning"));
  }

  private SortedMap<String, String> annotations() {
    return new TreeMap<>(Map.of("summary", AlertSentence.of(alert), "description", alert.reason()));
  }

  private static String text(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(label -> "%s=\"%s\"".formatted(label.getKey(), label.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /**
   * FNV-1a of 64 bits over the names and values in the order of the names, each followed by the
   * byte 255, as Prometheus does it (model.LabelSet.Fingerprint).
   */
  private static long fingerprint(SortedMap<String, String> labels) {
    long hash = 0xcbf29ce484222325L;
    for (Map.Entry<String, String> label : labels.entrySet()) {
      hash = fold(fold(hash, label.getKey()), label.getValue());
    }
    return hash;
  }

  private static long fold(long hash, String text) {
    long folded = hash;
    for (byte b : text.getBytes(UTF_8)) {
      folded = fold(folded, b);
    }
    return fold(folded, (byte) 255);
  }

  private static long fold(long hash, byte b) {
    return (hash ^ (b & 0xff)) * 0x100000001b3L;
  }

  private static String time(long ms) {
    return Instant.ofEpochMilli(ms).toString();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String withoutSlash(URI address) {
    return address.toString().replaceAll("/+$", "");
  }
}
