package io.collapsewatch.analyzer;

import io.collapsewatch.analyzer.stream.AlertDelivery;
import io.collapsewatch.analyzer.stream.CaptureTopology;
import io.collapsewatch.analyzer.webhook.Webhooks;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads captures, writes reports and brings alerts to the log and to webhooks, until it is closed.
 * The topics must exist.
 */
public final class Analyzer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Analyzer.class);

  /** Threads that are replaced after a failure before the analyzer gives up. */
  private static final int MOST_REPLACED = 20;

  private final KafkaStreams streams;
  private final AlertDelivery alerts;
  private final AtomicInteger failures = new AtomicInteger();

  private Analyzer(KafkaStreams streams, AlertDelivery alerts) {
    this.streams = streams;
    this.alerts = alerts;
    streams.setUncaughtExceptionHandler(this::replaceOrStop);
  }

  /** An analyzer that has not been started. */
  public static Analyzer create(AnalyzerConfig config) {
    StreamsConfig settings = new StreamsConfig(AnalyzerSettings.of(config));
    CaptureTopology topology = new CaptureTopology(settings, config.analysis());
    KafkaStreams streams = new KafkaStreams(topology.get(), settings);
    return new Analyzer(streams, delivery(settings, config));
  }

  private static AlertDelivery delivery(StreamsConfig settings, AnalyzerConfig config) {
    return AlertDelivery.create(
        AnalyzerSettings.ofAlerts(settings), new Webhooks(config.webhooks()), Clock.systemUTC());
  }

  /** What fails again and again is not mended by another thread, and must be seen. */
  private StreamThreadExceptionResponse replaceOrStop(Throwable failure) {
    int count = failures.incrementAndGet();
    if (count > MOST_REPLACED) {
      log.error("a stream thread failed for the {}th time; the analyzer stops", count, failure);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    log.error("a stream thread failed and is replaced", failure);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /** Begins; returns at once. */
  public void start() {
    streams.start();
    alerts.start();
  }

  /** Whether it takes captures: its partitions are assigned and its stores restored. */
  public boolean ready() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** What keeps it from taking captures, in sentences; empty when {@link #ready}. */
  public List<String> missing() {
    if (ready()) {
      return List.of();
    }
    return failures.get() > MOST_REPLACED
        ? List.of(
            "the analyzer has stopped after %d failures; its log says why"
                .formatted(failures.get()))
        : List.of("the analyzer is starting, or taking over partitions");
  }

  /**
   * Finishes the captures at hand and leaves its partitions to others. The delivery of alerts goes
   * last, and is given seconds for those that came of them.
   */
  @Override
  public void close() {
    streams.close(
        CloseOptions.timeout(Duration.ofSeconds(6))
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    alerts.close();
  }
}
