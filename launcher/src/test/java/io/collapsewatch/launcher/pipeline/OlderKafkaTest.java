package io.collapsewatch.launcher.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.collapsewatch.dashboard.Dashboard;
import io.collapsewatch.dashboard.DashboardConfig;
import io.collapsewatch.dashboard.api.Door;
import io.collapsewatch.launcher.broker.EmbeddedBroker;
import io.collapsewatch.launcher.broker.TopicSetup;
import io.collapsewatch.launcher.report.Reports;
import io.collapsewatch.protocol.Topics;
import io.collapsewatch.protocol.codec.ReportJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka that was set up when there was no topic of alerts. */
class OlderKafkaTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;
  private final AtomicInteger epoch = new AtomicInteger();

  @Test
  void reportsAreShownWithoutAlertsUntilTheTopicIsThere() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
      Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
      try (Admin admin = Admin.create(kafka);
          KafkaProducer<byte[], byte[]> producer =
              new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
          Dashboard dashboard = dashboard(broker.bootstrapServers())) {
        admin.createTopics(List.of(topic(Topics.REPORTS), topic(Topics.RUNS))).all().get();
        dashboard.start();
        await().atMost(PATIENCE).until(dashboard::ready);
        awaitRun(producer, dashboard, "\"alerts\":[]");

        TopicSetup.EMBEDDED.ensure(admin);
        producer.send(new ProducerRecord<>(Topics.ALERTS, Alerts.firing(1))).get();
        awaitRun(producer, dashboard, "\"state\":\"stalled\",\"status\":\"firing\"");
        assertThat(dashboard.ready()).isTrue();
      }
    }
  }

  /** Reports keep coming meanwhile: the topic must not wait for silence to be noticed. */
  private void awaitRun(
      KafkaProducer<byte[], byte[]> producer, Dashboard dashboard, String expected) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              byte[] json =
                  ReportJson.encode(Reports.rolling("run", epoch.getAndIncrement(), Map.of()));
              producer.send(new ProducerRecord<>(Topics.REPORTS, json)).get();
              assertThat(run(dashboard)).contains(expected);
            });
  }

  private Dashboard dashboard(String bootstrapServers) {
    return Dashboard.create(
        DashboardConfig.of(bootstrapServers, folder.resolve("history.db"))
            .withDoor(Door.loopback(0)));
  }

  private static NewTopic topic(String name) {
    return new NewTopic(name, TopicSetup.EMBEDDED.partitions(), (short) 1);
  }

  private static String run(Dashboard dashboard) throws Exception {
    URI address = URI.create("http://127.0.0.1:%d/api/v1/runs/run".formatted(dashboard.port()));
    return HTTP.send(
            HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString(UTF_8))
        .body();
  }
}
