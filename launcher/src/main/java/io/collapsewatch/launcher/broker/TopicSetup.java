package io.collapsewatch.launcher.broker;

import io.collapsewatch.protocol.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates the topics that are missing and holds the existing ones against what is expected. Topics
 * are never created by use: the number of partitions decides where a run lives.
 *
 * @param partitions of the topics that are keyed by run
 * @param adopting whether topics that are there may have another number
 * @param replicationFactor of new topics; empty for the broker's default
 */
public record TopicSetup(int partitions, boolean adopting, Optional<Short> replicationFactor) {

  /** What the embedded broker gets. */
  public static final TopicSetup EMBEDDED = new TopicSetup(4, false, Optional.of((short) 1));

  /** What a cluster gets unless told otherwise. */
  public static final TopicSetup CLUSTER = new TopicSetup(12, true, Optional.empty());

  /** What a cluster gets that is told a number: topics with another are refused. */
  public static TopicSetup cluster(int partitions) {
    return new TopicSetup(partitions, false, CLUSTER.replicationFactor());
  }

  /** The topics this sets up. */
  public static final Set<String> NAMES = configs().keySet();

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long PAUSE_MS = 20;

  /** The topics, and how long each keeps its records: by time, or the newest of each run. */
  private static Map<String, Map<String, String>> configs() {
    Map<String, Map<String, String>> configs = new LinkedHashMap<>();
    configs.put(Topics.CAPTURE, captures());
    configs.put(Topics.REPORTS, keptFor(Duration.ofDays(7)));
    configs.put(Topics.RUNS, newestOfEach());
    configs.put(Topics.ALERTS, keptFor(Duration.ofDays(7)));
    configs.put(Topics.CURVES, newestOfEach());
    configs.put(Topics.DEAD_LETTERS, deadLetters());
    return configs;
  }

  /** Stamped by the broker: reports go by these times, and the clocks of senders differ. */
  private static Map<String, String> captures() {
    Map<String, String> config = new HashMap<>(keptFor(Duration.ofHours(6)));
    config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    return config;
  }

  /** A refused capture may fill a record to the broker's limit, and gets headers beside. */
  private static Map<String, String> deadLetters() {
    Map<String, String> config = new HashMap<>(keptFor(Duration.ofDays(1)));
    config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(2 << 20));
    return config;
  }

  private static Map<String, String> newestOfEach() {
    return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
  }

  private static Map<String, String> keptFor(Duration retention) {
    return Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
  }

  /**
   * Makes sure that all topics are there and shown to clients.
   *
   * @throws RefusedStartException if a topic has another number of partitions than expected, in a
   *     sentence for people
   * @throws ExecutionException if Kafka refuses, with its reason as cause
   */
  public void ensure(Admin admin) throws ExecutionException, InterruptedException {
    Set<String> present = admin.listTopics().names().get();
    check(admin, NAMES.stream().filter(present::contains).toList());
    List<NewTopic> missing = new ArrayList<>();
    configs()
        .forEach(
            (name, config) -> {
              if (!present.contains(name)) {
                missing.add(topic(name).configs(config));
              }
            });
    create(admin, missing);
    check(admin, missing.stream().map(NewTopic::name).toList());
  }

  private void check(Admin admin, List<String> names)
      throws ExecutionException, InterruptedException {
    for (TopicDescription topic : describe(admin, names)) {
      int found = topic.partitions().size();
      if (keyedByRun(topic.name()) && found != partitions && !adopting) {
        throw new RefusedStartException(
            "topic %s has %d partitions and %d are configured; another number would move runs to other partitions, so start with --partitions %d"
                .formatted(topic.name(), found, partitions, found));
      }
    }
  }

  /** Between a topic's creation and its being known to all brokers there are some milliseconds. */
  private static Collection<TopicDescription> describe(Admin admin, List<String> names)
      throws ExecutionException, InterruptedException {
    long start = System.nanoTime();
    while (true) {
      try {
        return admin.describeTopics(names).allTopicNames().get().values();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() - start > PATIENCE.toNanos()) {
          throw e;
        }
        Thread.sleep(PAUSE_MS);
      }
    }
  }

  private NewTopic topic(String name) {
    return new NewTopic(name, Optional.of(keyedByRun(name) ? partitions : 1), replicationFactor);
  }

  /** Another process that starts at the same time may be quicker, which is as good. */
  private static void create(Admin admin, List<NewTopic> topics)
      throws ExecutionException, InterruptedException {
    for (KafkaFuture<Void> created : admin.createTopics(topics).values().values()) {
      try {
        created.get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  private static boolean keyedByRun(String topic) {
    return !topic.equals(Topics.DEAD_LETTERS);
  }
}
