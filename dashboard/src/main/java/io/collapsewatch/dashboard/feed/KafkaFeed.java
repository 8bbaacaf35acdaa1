package io.collapsewatch.dashboard.feed;

import static java.util.stream.Collectors.toSet;

import io.collapsewatch.dashboard.feed.Decoding.Decoded;
import io.collapsewatch.dashboard.feed.Decoding.Raw;
import io.collapsewatch.dashboard.history.HistoryException;
import io.collapsewatch.dashboard.history.Source;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads reports, statuses, alerts and fitted curves on a thread of its own. It belongs to no
 * consumer group: every dashboard reads everything, and where to go on stands in its history. Kafka
 * or a topic that is away is waited for, and said once each time; the alerts and the curves may be
 * missing, as on a Kafka that was set up by a build that had none.
 */
public final class KafkaFeed implements Feed {

  private static final Logger log = LoggerFactory.getLogger(KafkaFeed.class);
  private static final List<String> REQUIRED = List.of(Topics.REPORTS, Topics.RUNS);
  private static final List<String> OPTIONAL = List.of(Topics.ALERTS, Topics.CURVES);
  private static final List<String> READ =
      Stream.concat(REQUIRED.stream(), OPTIONAL.stream()).toList();
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int PAUSE_MILLIS = 1000;

  /**
   * After so many polls without a record, Kafka is asked whether it and the topics are there; while
   * a topic is missing, after so many polls in any case.
   */
  private static final int QUIET_POLLS = 20;

  private final Intake intake;
  private final String servers;
  private final Consumer<byte[], byte[]> consumer;
  private final Admin admin;
  private final Decoding decoding = new Decoding(System::nanoTime);
  private final Thread thread = new Thread(this::run, "collapsewatch-feed");
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile Optional<String> missing = Optional.of("Kafka was not asked yet");
  private Map<TopicPartition, Source> sources = Map.of();

  private KafkaFeed(Intake intake, String servers, Consumer<byte[], byte[]> consumer, Admin admin) {
    this.intake = intake;
    this.servers = Printable.quote(servers);
    this.consumer = consumer;
    this.admin = admin;
    thread.setDaemon(true);
  }

  /**
   * A feed that has not been started.
   *
   * @param servers as in {@code bootstrap.servers}
   * @param overrides settings of the Kafka clients, for credentials and the like
   * @throws IllegalArgumentException if Kafka's client refuses them, in one sentence
   */
  public static KafkaFeed create(Intake intake, String servers, Map<String, Object> overrides) {
    Consumer<byte[], byte[]> consumer = null;
    try {
      consumer = new KafkaConsumer<>(Consumers.consumer(servers, overrides));
      return new KafkaFeed(
          intake, servers, consumer, Admin.create(Consumers.admin(servers, overrides)));
    } catch (KafkaException e) {
      if (consumer != null) {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalArgumentException(
          "Kafka's client refuses its settings: %s"
              .formatted(Printable.quote(String.valueOf(cause.getMessage()))),
          e);
    }
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public Optional<String> missing() {
    return missing;
  }

  @Override
  public void close() {
    stopped.countDown();
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    admin.close(Duration.ZERO);
  }

  private boolean stopped() {
    return stopped.getCount() == 0;
  }

  private void run() {
    while (!stopped()) {
      try {
        begin();
        readOn();
      } catch (WakeupException | InterruptException e) {
        // Only closing wakes it.
        return;
      } catch (InvalidOffsetException e) {
        log.warn("Kafka no longer has what comes next ({}); beginning anew", e.getMessage());
      } catch (KafkaException | HistoryException e) {
        waitFor(sentence(e));
      } catch (RuntimeException e) {
        log.error("reading failed and begins anew", e);
        waitFor("reading failed; the log says why");
      }
    }
  }

  /** From where the history ends; the topic's id tells a new topic from an old one of its name. */
  private void begin() {
    Map<TopicPartition, Source> found = find();
    Map<TopicPartition, Long> first = consumer.beginningOffsets(found.keySet(), PATIENCE);
    Map<TopicPartition, Long> end = consumer.endOffsets(found.keySet(), PATIENCE);
    consumer.assign(found.keySet());
    found.forEach((at, source) -> seek(at, source, first.get(at), end.get(at)));
    sources = found;
    missing.ifPresent(
        sentence ->
            log.info(
                "reading reports from Kafka at {}{}",
                servers,
                complete()
                    ? ""
                    : "; not there yet and looked for again: " + String.join(", ", lacking())));
    missing = Optional.empty();
  }

  private void seek(TopicPartition at, Source source, long first, long end) {
    long next = intake.offsets().getOrDefault(source, first);
    if (next > end) {
      log.warn(
          "Kafka lost the records {} to {} of {}, which were read; they are forgotten here too",
          end,
          next - 1,
          at);
      intake.rewind(source, end);
    } else if (next < first) {
      log.warn(
          "Kafka deleted the records {} to {} of {} before they were read", next, first - 1, at);
    }
    consumer.seek(at, Math.min(Math.max(next, first), end));
  }

  private static Map<TopicPartition, Source> sources(TopicDescription about) {
    Map<TopicPartition, Source> sources = new HashMap<>();
    about
        .partitions()
        .forEach(
            partition ->
                sources.put(
                    new TopicPartition(about.name(), partition.partition()),
                    new Source(about.name(), about.topicId().toString(), partition.partition())));
    return sources;
  }

  private boolean complete() {
    return lacking().isEmpty();
  }

  private List<String> lacking() {
    Set<String> there = sources.keySet().stream().map(TopicPartition::topic).collect(toSet());
    return OPTIONAL.stream().filter(topic -> !there.contains(topic)).toList();
  }

  /** Until the partitions are others, or something throws. */
  private void readOn() {
    int quietPolls = 0;
    while (!stopped()) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      if (!records.isEmpty()) {
        take(records);
      }
      quietPolls = records.isEmpty() || !complete() ? quietPolls + 1 : 0;
      if (quietPolls == QUIET_POLLS) {
        quietPolls = 0;
        if (!find().equals(sources)) {
          return;
        }
      }
    }
  }

  private void take(ConsumerRecords<byte[], byte[]> records) {
    List<Raw> raw = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Source source = sources.get(new TopicPartition(record.topic(), record.partition()));
      raw.add(new Raw(source, record.offset(), record.value()));
    }
    Decoded decoded = decoding.decode(raw);
    intake.take(decoded.batch());
    intake.skipped(decoded.skipped());
  }

  /** The partitions to read. */
  private Map<TopicPartition, Source> find() {
    DescribeTopicsOptions options =
        new DescribeTopicsOptions().timeoutMs((int) PATIENCE.toMillis());
    Map<TopicPartition, Source> found = new HashMap<>();
    admin
        .describeTopics(READ, options)
        .topicNameValues()
        .forEach(
            (topic, about) ->
                described(topic, about).map(KafkaFeed::sources).ifPresent(found::putAll));
    return found;
  }

  private static Optional<TopicDescription> described(
      String topic, KafkaFuture<TopicDescription> about) {
    try {
      return Optional.of(about.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException && !REQUIRED.contains(topic)) {
        return Optional.empty();
      }
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private String sentence(RuntimeException e) {
    if (e instanceof HistoryException) {
      return e.getMessage();
    }
    if (e instanceof UnknownTopicOrPartitionException) {
      return "Kafka at %s has no topic %s, which the analyzer creates"
          .formatted(servers, String.join(" or ", REQUIRED));
    }
    // A timeout says no more than that; anything else (credentials, certificates) says why.
    String reason =
        e instanceof TimeoutException
            ? ""
            : " (%s)".formatted(Printable.quote(String.valueOf(e.getMessage())));
    return "cannot reach Kafka at %s%s".formatted(servers, reason);
  }

  private void waitFor(String sentence) {
    if (!missing.equals(Optional.of(sentence))) {
      log.warn("{}; trying again every second", sentence);
      missing = Optional.of(sentence);
    }
    try {
      boolean unused = stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
