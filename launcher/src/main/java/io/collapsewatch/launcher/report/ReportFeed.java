package io.collapsewatch.launcher.report;

import io.collapsewatch.protocol.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The reports of all runs: the last ones that are there, in the order of their times, and then each
 * as it comes. Belongs to no consumer group and leaves no trace in Kafka. Waits for a Kafka that is
 * away and for a topic that is missing, and says so once each time. One thread reads; any other may
 * {@link #stop}.
 */
public final class ReportFeed implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int BACKLOG_POLLS = 12;

  /** After so many polls without a record, Kafka is asked whether it is still there. */
  private static final int QUIET_POLLS = 20;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String address;
  private final int backlog;
  private final Consumer<String> say;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private String said = "";
  private boolean begun;
  private int quietPolls;

  /**
   * @param kafka properties of the client, among them {@code bootstrap.servers}
   * @param backlog how many of the newest records of each partition to begin with
   * @param say takes a sentence for people when Kafka or the topic goes or comes
   * @throws org.apache.kafka.common.KafkaException if the properties make no client
   */
  public ReportFeed(Map<String, Object> kafka, int backlog, Consumer<String> say) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", "false");
    settings.put("auto.offset.reset", "earliest");
    settings.put("allow.auto.create.topics", "false");
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.address = String.valueOf(kafka.get("bootstrap.servers"));
    this.backlog = backlog;
    this.say = say;
  }

  /** The next records, often none; returns within seconds, at once when stopped. */
  public List<ConsumerRecord<byte[], byte[]>> poll() {
    try {
      return stopped() ? List.of() : beginOrContinue();
    } catch (WakeupException e) {
      return List.of();
    } catch (TimeoutException e) {
      announce("Kafka is not reachable at %s; trying again".formatted(address));
      return List.of();
    }
  }

  /** Makes the reader's present {@link #poll} return, and every later one at once. */
  public void stop() {
    stopped.countDown();
    consumer.wakeup();
  }

  /** Whether {@link #stop} was called. */
  public boolean stopped() {
    return stopped.getCount() == 0;
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }

  private List<ConsumerRecord<byte[], byte[]>> beginOrContinue() {
    if (!begun) {
      return topicIsThere() ? begin() : List.of();
    }
    List<ConsumerRecord<byte[], byte[]>> records = next();
    quietPolls = records.isEmpty() ? quietPolls + 1 : 0;
    if (quietPolls == QUIET_POLLS) {
      quietPolls = 0;
      boolean unused = topicIsThere();
    }
    return records;
  }

  private boolean topicIsThere() {
    boolean there = consumer.listTopics(PATIENCE).containsKey(Topics.REPORTS);
    if (there) {
      announce("");
    } else {
      announce("topic %s is not there yet; waiting for it".formatted(Topics.REPORTS));
      pause();
    }
    return there;
  }

  /**
   * Says a sentence when it is news; the empty one means that all is well, again or from the start.
   */
  private void announce(String sentence) {
    if (!sentence.equals(said)) {
      say.accept(sentence.isEmpty() ? "reading %s".formatted(Topics.REPORTS) : sentence);
      said = sentence;
    }
  }

  private void pause() {
    try {
      boolean unused = stopped.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> begin() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (PartitionInfo partition : consumer.partitionsFor(Topics.REPORTS, PATIENCE)) {
      partitions.add(new TopicPartition(partition.topic(), partition.partition()));
    }
    consumer.assign(partitions);
    Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions, PATIENCE);
    Map<TopicPartition, Long> end = consumer.endOffsets(partitions, PATIENCE);
    end.forEach((p, offset) -> consumer.seek(p, Math.max(first.get(p), offset - backlog)));
    begun = true;
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < BACKLOG_POLLS && !caughtUp(end); i++) {
      records.addAll(next());
    }
    records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
    return records;
  }

  private boolean caughtUp(Map<TopicPartition, Long> end) {
    return end.entrySet().stream()
        .allMatch(
            partition -> consumer.position(partition.getKey(), PATIENCE) >= partition.getValue());
  }

  private List<ConsumerRecord<byte[], byte[]>> next() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    consumer.poll(POLL).forEach(records::add);
    return records;
  }
}
