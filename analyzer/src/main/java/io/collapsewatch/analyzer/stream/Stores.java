package io.collapsewatch.analyzer.stream;

import static org.apache.kafka.streams.state.Stores.keyValueStoreBuilder;
import static org.apache.kafka.streams.state.Stores.persistentKeyValueStore;

import io.collapsewatch.analyzer.alert.Judgement;
import io.collapsewatch.analyzer.window.PassState;
import io.collapsewatch.analyzer.window.RunState;
import io.collapsewatch.analyzer.window.WindowState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The stores of the analyzer. Keys are texts whose parts are separated by {@code /}, which no name
 * in a capture contains; everything of a run begins with its id, so that a prefix finds it.
 *
 * <p>What changes with every message and is small goes through a cache, so that its changelog has
 * one entry a commit; samples and blobs are written once and go straight through.
 */
final class Stores {

  /** Run id → {@link RunState}. */
  static final String RUNS = "runs";

  /** Run id → {@link Judgement}. */
  static final String JUDGEMENTS = "judgements";

  /** Window → {@link WindowState}. */
  static final String WINDOWS = "windows";

  /** Window, class, slot → a sample of a rolling window. */
  static final String SAMPLES = "samples";

  /** Run, layer → {@link ClassifierIndex}. */
  static final String CLASSIFIERS = "classifiers";

  /** Window, snapshot → {@link PassState}. */
  static final String PASSES = "passes";

  /** Captures as they came, and rows of streaming statistics. */
  static final String BLOBS = "blobs";

  private Stores() {}

  static List<StoreBuilder<?>> builders() {
    return List.of(
        cached(RUNS, new JsonSerde<>(RunState.class)),
        cached(JUDGEMENTS, new JsonSerde<>(Judgement.class)),
        cached(WINDOWS, new JsonSerde<>(WindowState.class)),
        cached(CLASSIFIERS, new JsonSerde<>(ClassifierIndex.class)),
        cached(PASSES, new JsonSerde<>(PassState.class)),
        direct(SAMPLES, new SampleSerde()),
        direct(BLOBS, Serdes.ByteArray()));
  }

  private static <V> StoreBuilder<?> cached(String name, Serde<V> values) {
    return keyValueStoreBuilder(persistentKeyValueStore(name), Serdes.String(), values)
        .withCachingEnabled()
        .withLoggingEnabled(changelog());
  }

  private static <V> StoreBuilder<?> direct(String name, Serde<V> values) {
    return keyValueStoreBuilder(persistentKeyValueStore(name), Serdes.String(), values)
        .withCachingDisabled()
        .withLoggingEnabled(changelog());
  }

  private static Map<String, String> changelog() {
    return Map.of(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(CaptureTopology.CHANGELOG_RECORD_BYTES));
  }

  /** The key made of {@code parts}. */
  static String key(Object... parts) {
    StringBuilder key = new StringBuilder();
    for (Object part : parts) {
      key.append(key.isEmpty() ? "" : "/").append(part);
    }
    return key.toString();
  }

  /** A number as a part of a key whose order is that of the numbers. */
  static String ordered(long number) {
    return "%010d".formatted(number);
  }

  /** All entries below {@code key}, in the order of their keys. */
  static <V> List<KeyValue<String, V>> below(KeyValueStore<String, V> store, String key) {
    List<KeyValue<String, V>> entries = new ArrayList<>();
    try (KeyValueIterator<String, V> found = store.prefixScan(key + "/", new StringSerializer())) {
      found.forEachRemaining(entries::add);
    }
    return entries;
  }

  /** Deletes all entries below {@code key}. */
  static <V> void deleteBelow(KeyValueStore<String, V> store, String key) {
    for (KeyValue<String, V> entry : below(store, key)) {
      store.delete(entry.key);
    }
  }
}
