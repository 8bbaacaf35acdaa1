package io.collapsewatch.launcher.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.collapsewatch.analyzer.stream.AlertDelivery;
import io.collapsewatch.analyzer.webhook.Webhooks;
import io.collapsewatch.launcher.broker.EmbeddedBroker;
import io.collapsewatch.launcher.broker.TopicSetup;
import io.collapsewatch.protocol.Topics;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From the topic of alerts of a real broker to a webhook. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class AlertDeliveryTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The alerts of {@link Alerts} begin in the first seconds of 1970. */
  private static final Clock THEN = Clock.fixed(Instant.ofEpochSecond(60), ZoneOffset.UTC);

  private static final String FIRST = "firing run 1970-01-01T00:00:01Z";
  private static final String RESOLVED = "resolved run 1970-01-01T00:00:01Z";
  private static final String SECOND = "firing run 1970-01-01T00:00:02Z";

  @TempDir private Path folder;
  private WebhookReceiver receiver;
  private EmbeddedBroker broker;
  private int port;

  @BeforeEach
  void start() throws Exception {
    receiver = new WebhookReceiver();
    try (ServerSocket probe = new ServerSocket(0)) {
      port = probe.getLocalPort();
    }
    broker = EmbeddedBroker.start(folder, port);
  }

  @AfterEach
  void stop() {
    broker.close();
    receiver.close();
  }

  @Test
  void eachAlertIsDeliveredOnceOverARestart() throws Exception {
    createTopics();
    send(Alerts.firing(1000));
    try (AlertDelivery delivery = delivery(THEN)) {
      delivery.start();
      awaitTaken(FIRST);
    }
    send("no alert".getBytes(UTF_8));
    send(Alerts.resolved(1000, 1500));
    try (AlertDelivery delivery = delivery(THEN)) {
      delivery.start();
      awaitTaken(FIRST, RESOLVED);
      // What is sent again in one process is known; the next of its partition shows that it is
      // past.
      send(Alerts.resolved(1000, 1500));
      send(Alerts.firing(2000));
      awaitTaken(FIRST, RESOLVED, SECOND);
    }
  }

  @Test
  void whatIsInTheTopicWhenItIsClosedIsStillDelivered() throws Exception {
    createTopics();
    try (AlertDelivery delivery = delivery(THEN)) {
      delivery.start();
      send(Alerts.firing(1000));
      awaitTaken(FIRST);
      send(Alerts.resolved(1000, 1500));
    }
    assertThat(receiver.taken()).containsExactly(FIRST, RESOLVED);
  }

  @Test
  void whatIsOlderThanAnHourIsNotDelivered() throws Exception {
    createTopics();
    send(Alerts.firing(1000));
    send(Alerts.firing(2000));
    Clock later = Clock.fixed(Instant.ofEpochSecond(2 + 3600), ZoneOffset.UTC);
    try (AlertDelivery delivery = delivery(later)) {
      delivery.start();
      awaitTaken(SECOND);
    }
  }

  @Test
  void aMissingTopicIsWaitedFor() throws Exception {
    try (AlertDelivery delivery = delivery(THEN)) {
      delivery.start();
      await().atMost(PATIENCE).until(this::waiting);
      createTopics();
      send(Alerts.firing(1000));
      awaitTaken(FIRST);
    }
  }

  /** Whether a delivery is in its group, and so has looked for the topic. */
  private boolean waiting() throws Exception {
    try (Admin admin = Admin.create(kafka())) {
      List<String> groups = List.of(AlertDelivery.GROUP);
      return !admin
          .describeConsumerGroups(groups)
          .all()
          .get()
          .get(groups.get(0))
          .members()
          .isEmpty();
    } catch (ExecutionException e) {
      return false; // There is no such group yet.
    }
  }

  @Test
  void aBrokerThatGoesAwayIsWaitedFor() throws Exception {
    createTopics();
    try (AlertDelivery delivery = delivery(THEN)) {
      delivery.start();
      send(Alerts.firing(1000));
      awaitTaken(FIRST);
      broker.close();
      broker = EmbeddedBroker.start(folder, port);
      send(Alerts.firing(2000));
      awaitTaken(FIRST, SECOND);
    }
  }

  @Test
  void closingDoesNotWaitForAReceiverThatIsAway() throws Exception {
    createTopics();
    receiver.answer(503);
    send(Alerts.firing(1000));
    long begun;
    try (AlertDelivery delivery = delivery(THEN)) {
      delivery.start();
      await().atMost(PATIENCE).until(() -> receiver.taken().size() >= 2);
      begun = System.nanoTime();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));

    receiver.answer(200);
    int attempts = receiver.taken().size();
    try (AlertDelivery delivery = delivery(THEN)) {
      delivery.start();
      await().atMost(PATIENCE).until(() -> receiver.taken().size() > attempts);
    }
    assertThat(receiver.taken()).hasSize(attempts + 1).containsOnly(FIRST);
  }

  private AlertDelivery delivery(Clock clock) {
    return AlertDelivery.create(kafka(), new Webhooks(receiver.settings()), clock);
  }

  private Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  private void createTopics() throws Exception {
    try (Admin admin = Admin.create(kafka())) {
      TopicSetup.EMBEDDED.ensure(admin);
    }
  }

  private void send(byte[] alert) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(kafka(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(Topics.ALERTS, "run".getBytes(UTF_8), alert)).get();
    }
  }

  private void awaitTaken(String... alerts) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(receiver.taken()).isEqualTo(List.of(alerts)));
  }
}
