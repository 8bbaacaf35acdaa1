package io.collapsewatch.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.analyzer.stream.AnalysisSettings;
import io.collapsewatch.analyzer.webhook.WebhookSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class AnalyzerSettingsTest {

  @Test
  void theConsumerOfAlertsGetsWhatIsForConsumers() {
    Map<String, Object> user =
        Map.of(
            "security.protocol", "SASL_SSL",
            "sasl.jaas.config", "secret",
            "my.login.callback", "theirs",
            "num.stream.threads", "7",
            "commit.interval.ms", "100",
            "producer.linger.ms", "5",
            "consumer.fetch.max.wait.ms", "50");
    AnalyzerConfig config =
        new AnalyzerConfig(
            "h:1",
            Path.of("unused"),
            Optional.of("me"),
            2,
            AnalysisSettings.DEFAULT,
            WebhookSettings.NONE,
            user);

    Map<String, Object> alerts =
        AnalyzerSettings.ofAlerts(new StreamsConfig(AnalyzerSettings.of(config)));

    assertThat(alerts)
        .containsEntry("bootstrap.servers", "h:1")
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.jaas.config", "secret")
        .containsEntry("my.login.callback", "theirs")
        .containsEntry("fetch.max.wait.ms", "50")
        .containsEntry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000)
        .doesNotContainKeys(
            "num.stream.threads",
            "commit.interval.ms",
            "linger.ms",
            "producer.linger.ms",
            "application.id",
            "processing.guarantee");
  }
}
