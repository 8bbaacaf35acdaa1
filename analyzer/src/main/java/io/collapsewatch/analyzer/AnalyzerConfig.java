package io.collapsewatch.analyzer;

import io.collapsewatch.analyzer.webhook.WebhookSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of an analyzer.
 *
 * @param bootstrapServers where Kafka is
 * @param stateDir folder for the local copy of the stores; it may be lost
 * @param instanceId a name that stays the same over restarts of this instance, so that it gets its
 *     partitions back at once; absent: another instance takes them after the session timeout
 * @param threads stream threads
 * @param snapshotBytes how many bytes of a pass are held before it is measured by streaming
 *     statistics
 * @param webhooks who is told of alerts
 * @param kafka further settings of Kafka's clients, which win over ours
 */
public record AnalyzerConfig(
    String bootstrapServers,
    Path stateDir,
    Optional<String> instanceId,
    int threads,
    long snapshotBytes,
    WebhookSettings webhooks,
    Map<String, Object> kafka) {

  /** Bytes of a pass that are held unless said otherwise. */
  public static final long SNAPSHOT_BYTES = 256L << 20;

  public AnalyzerConfig {
    kafka = Map.copyOf(kafka);
  }

  /** The settings for one analyzer at {@code bootstrapServers}, everything else at its default. */
  public static AnalyzerConfig of(String bootstrapServers, Path stateDir) {
    return new AnalyzerConfig(
        bootstrapServers,
        stateDir,
        Optional.empty(),
        2,
        SNAPSHOT_BYTES,
        WebhookSettings.NONE,
        Map.of());
  }

  /** The same with a name for this instance. */
  public AnalyzerConfig withInstanceId(String id) {
    return new AnalyzerConfig(
        bootstrapServers, stateDir, Optional.of(id), threads, snapshotBytes, webhooks, kafka);
  }

  /** The same with others to tell of alerts. */
  public AnalyzerConfig withWebhooks(WebhookSettings newWebhooks) {
    return new AnalyzerConfig(
        bootstrapServers, stateDir, instanceId, threads, snapshotBytes, newWebhooks, kafka);
  }
}
