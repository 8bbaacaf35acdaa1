package io.collapsewatch.analyzer;

import io.collapsewatch.analyzer.stream.AnalysisSettings;
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
 * @param analysis what is asked of the analysis
 * @param webhooks who is told of alerts
 * @param kafka further settings of Kafka's clients, which win over ours
 */
public record AnalyzerConfig(
    String bootstrapServers,
    Path stateDir,
    Optional<String> instanceId,
    int threads,
    AnalysisSettings analysis,
    WebhookSettings webhooks,
    Map<String, Object> kafka) {

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
        AnalysisSettings.DEFAULT,
        WebhookSettings.NONE,
        Map.of());
  }

  /** The same with a name for this instance. */
  public AnalyzerConfig withInstanceId(String id) {
    return new AnalyzerConfig(
        bootstrapServers, stateDir, Optional.of(id), threads, analysis, webhooks, kafka);
  }

  /** The same with others to tell of alerts. */
  public AnalyzerConfig withWebhooks(WebhookSettings newWebhooks) {
    return new AnalyzerConfig(
        bootstrapServers, stateDir, instanceId, threads, analysis, newWebhooks, kafka);
  }

  /** The same with other wishes for the analysis. */
  public AnalyzerConfig withAnalysis(AnalysisSettings newAnalysis) {
    return new AnalyzerConfig(
        bootstrapServers, stateDir, instanceId, threads, newAnalysis, webhooks, kafka);
  }
}
