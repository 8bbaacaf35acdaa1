package io.collapsewatch.launcher.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.collapsewatch.protocol.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** All of it in one process, with a webhook. */
class WebhookPipelineTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

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
