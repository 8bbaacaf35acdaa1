package io.collapsewatch.analyzer;

import io.collapsewatch.analyzer.stream.AlertDelivery;
import io.collapsewatch.analyzer.stream.CaptureTopology;
import io.collapsewatch.analyzer.stream.DeadLetters;
import io.collapsewatch.analyzer.stream.SharedRocksDbMemory;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** How Kafka Streams is set up, each setting with its reason. */
public final class AnalyzerSettings {

  /** Name of the consumer group, and the beginning of the changelogs' names. */
  static final String APPLICATION_ID = "collapsewatch-analyzer";

  private AnalyzerSettings() {}

  /** The settings for a configuration. */
  public static Properties of(AnalyzerConfig config) {
    Properties p = new Properties();
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION_ID);
    p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    p.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
    p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
    p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1); // the broker's default
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    p.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    p.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetters.class);
    p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksDbMemory.class);
    p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 32L << 20);
    latency(p);
    restart(p, config);
    largeRecords(p);
    p.putAll(config.kafka());
    return p;
  }

  /**
   * The settings for the consumer of the alerts. Kafka Streams tells which of {@code settings} are
   * for consumers, so that credentials and the like reach this one as they do its own.
   */
  static Map<String, Object> ofAlerts(StreamsConfig settings) {
    return settings.getGlobalConsumerConfigs(AlertDelivery.GROUP);
  }

  /** A report is visible once its transaction is committed: measured 35 ms at the median. */
  private static void latency(Properties p) {
    p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 20);
    p.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
  }

  /**
   * With the default session timeout of 45 s a killed analyzer's partitions stand still for as
   * long. A transaction that a crash left open blocks readers until it times out.
   */
  private static void restart(Properties p, AnalyzerConfig config) {
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
    p.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 60_000);
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    config
        .instanceId()
        .ifPresent(
            id -> p.put(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), id));
  }

  /** Changelog records may be a little larger than captures; see {@link CaptureTopology}. */
  private static void largeRecords(Properties p) {
    p.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        CaptureTopology.CHANGELOG_RECORD_BYTES);
  }
}
