package io.collapsewatch.analyzer.stream;

import io.collapsewatch.analyzer.webhook.Webhooks;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.Topics;
import io.collapsewatch.protocol.codec.AlertJson;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topic of alerts on a thread of its own and announces each alert, one after the other.
 * Its place in the topic is committed after each, so that a process that is killed repeats at most
 * the one that was on its way. Several analyzers share the partitions, and with them the runs.
 * Kafka and the topic may be away; they are waited for.
 */
public final class AlertDelivery implements AutoCloseable {

  /** Name of the consumer group. */
  public static final String GROUP = "collapsewatch-alerts";

  private static final Logger log = LoggerFactory.getLogger(AlertDelivery.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LEAVING = Duration.ofSeconds(1);
  private static final long PAUSE_MILLIS = 1000;

  /** How long closing waits for the thread to end by itself, and again once it is interrupted. */
  private static final long GRACE_MILLIS = 1500;

  /**
   * One record a poll: the next poll is due when an alert has reached its targets at the latest.
   */
  private static final Map<String, Object> REQUIRED =
      Map.of(
          ConsumerConfig.GROUP_ID_CONFIG,
          GROUP,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          "classic",
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName(),
          ConsumerConfig.CLIENT_ID_CONFIG,
          GROUP,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          "read_committed",
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          "earliest",
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          false,
          ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
          false,
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
          1,
          ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
          (int) Webhooks.LONGEST_DELIVERY.multipliedBy(2).toMillis());

  private final Consumer<byte[], byte[]> consumer;
  private final Webhooks webhooks;
  private final Announcer announcer;
  private final Thread thread = new Thread(this::run, "collapsewatch-alerts");
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
  private String said = "";

  private AlertDelivery(Consumer<byte[], byte[]> consumer, Webhooks webhooks, Clock clock) {
    this.consumer = consumer;
    this.webhooks = webhooks;
    this.announcer = new Announcer(webhooks, clock);
    thread.setDaemon(true);
  }

  /**
   * A delivery that has not been started, and that closes {@code webhooks} in the end.
   *
   * @param kafka settings of the consumer; what the delivery rests on goes before them
   * @param clock tells how old an alert is
   * @throws KafkaException if Kafka's client refuses its settings
   */
  public static AlertDelivery create(Map<String, Object> kafka, Webhooks webhooks, Clock clock) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    settings.putAll(REQUIRED);
    return new AlertDelivery(
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        webhooks,
        clock);
  }

  /** Begins; returns at once. */
  public void start() {
    thread.start();
  }

  /**
   * Ends within seconds: what is in the topic by now is delivered if that is quick, and else left
   * to the next start.
   */
  @Override
  public void close() {
    stopped.countDown();
    if (thread.getState() == Thread.State.NEW) {
      release();
      return;
    }
    try {
      thread.join(GRACE_MILLIS);
      thread.interrupt();
      thread.join(GRACE_MILLIS);
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void release() {
    consumer.close(CloseOptions.timeout(LEAVING));
    webhooks.close();
  }

  private void run() {
    try {
      consumer.subscribe(List.of(Topics.ALERTS), new Forgetting());
      boolean ending;
      boolean more;
      do {
        ending = stopped.getCount() == 0;
        more = step();
      } while (more || !ending);
    } catch (InterruptException | InterruptedException e) {
      // Only closing interrupts, when it will not wait any longer.
    } finally {
      boolean unused = Thread.interrupted(); // or the consumer could not leave its group
      release();
    }
  }

  /** The next alert, if there is one; whether there may be another at once. */
  private boolean step() throws InterruptedException {
    try {
      commit();
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        take(record);
        commit();
      }
      if (records.isEmpty()) {
        announcer.sumUp();
      }
      return !records.isEmpty();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      sayOnce("alerts cannot be read (%s)".formatted(Printable.quote(e.toString())));
    } catch (RuntimeException e) {
      log.error("the delivery of an alert failed", e);
    }
    boolean unused = stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    return false;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    TopicPartition at = new TopicPartition(record.topic(), record.partition());
    uncommitted.put(at, new OffsetAndMetadata(record.offset() + 1));
    try {
      announcer.announce(AlertJson.decode(record.value()));
    } catch (InterruptedException e) {
      uncommitted.remove(at);
      throw e;
    } catch (IllegalArgumentException e) {
      log.warn("record {} of {} is left out: {}", record.offset(), at, e.getMessage());
    }
  }

  /** What cannot be committed now is tried again before the next record. */
  private void commit() {
    if (uncommitted.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(uncommitted, PATIENCE);
      uncommitted.clear();
      said = "";
    } catch (TimeoutException | RebalanceInProgressException e) {
      sayOnce(
          "what was delivered cannot be committed (%s)".formatted(Printable.quote(e.toString())));
    } catch (CommitFailedException e) {
      uncommitted.clear();
      log.warn("another analyzer took over an alert that was being delivered; it may repeat it");
    }
  }

  private void sayOnce(String sentence) {
    if (!sentence.equals(said)) {
      said = sentence;
      log.warn("{}; trying again", sentence);
    }
  }

  /** The place in a partition that went to another analyzer is no longer ours to say. */
  private final class Forgetting implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      // They begin at what was committed.
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      uncommitted.keySet().removeAll(partitions);
    }
  }
}
