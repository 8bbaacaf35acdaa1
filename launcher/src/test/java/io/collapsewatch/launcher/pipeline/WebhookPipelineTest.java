package io.collapsewatch.launcher.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.collapsewatch.analyzer.stream.AlertDelivery;
import io.collapsewatch.launcher.MainProcess;
import io.collapsewatch.launcher.broker.EmbeddedBroker;
import io.collapsewatch.protocol.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the topic of alerts to a webhook, through the product as it is started. */
class WebhookPipelineTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void anAlertReachesTheWebhookAndThePipelineEndsInTime() throws Exception {
    long begun;
    try (WebhookReceiver receiver = new WebhookReceiver()) {
      try (LocalPipeline pipeline =
          LocalPipeline.createTemporary(LocalPipeline.Ports.FREE)
              .withWebhooks(receiver.settings())) {
        pipeline.start();
        Instant now = Instant.now();
        send(pipeline.bootstrapServers(), Alerts.firing(now.toEpochMilli()));
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(receiver.taken())
                        .containsExactly("firing run " + Instant.ofEpochMilli(now.toEpochMilli())));
        await().atMost(PATIENCE).until(pipeline::ready);
        begun = System.nanoTime();
      }
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
  }

  /** Killed once its place is committed; before that it would send the one alert again. */
  @Test
  void aKilledAnalyzerRepeatsNothing() throws Exception {
    try (WebhookReceiver receiver = new WebhookReceiver();
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
      long now = System.currentTimeMillis();
      String began = " run " + Instant.ofEpochMilli(now);
      try (MainProcess analyzer = analyzer(broker, receiver)) {
        await().atMost(PATIENCE).until(() -> !analyzer.lines().isEmpty());
        send(broker.bootstrapServers(), Alerts.firing(now));
        await().atMost(PATIENCE).until(() -> committed(broker) == 1);
        analyzer.kill();
      }
      send(broker.bootstrapServers(), Alerts.resolved(now, now + 1));
      try (MainProcess analyzer = analyzer(broker, receiver)) {
        await().atMost(PATIENCE).until(() -> committed(broker) == 2);
        analyzer.terminate();
        assertThat(analyzer.exitCode(10)).as("of a process that was told to end").isEqualTo(143);
      }
      assertThat(receiver.taken()).containsExactly("firing" + began, "resolved" + began);
    }
  }

  private MainProcess analyzer(EmbeddedBroker broker, WebhookReceiver receiver) throws IOException {
    return MainProcess.start(
        "analyzer",
        "--bootstrap-servers",
        broker.bootstrapServers(),
        "--data",
        folder.resolve("analyzer").toString(),
        "--webhook",
        receiver.url(),
        "--webhook-allow-private");
  }

  /** How many alerts of all partitions are done with. */
  private static long committed(EmbeddedBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      return admin
          .listConsumerGroupOffsets(AlertDelivery.GROUP)
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(OffsetAndMetadata::offset)
          .sum();
    }
  }

  private static void send(String bootstrapServers, byte[] alert) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(Topics.ALERTS, "run".getBytes(UTF_8), alert)).get();
    }
  }
}
