package io.collapsewatch.analyzer.stream;

import io.collapsewatch.protocol.Topics;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The whole of it: captures → windows → reports → run status, alerts and fitted curves. One
 * sub-topology without repartitioning, because a run is the key everywhere. Refused captures leave
 * through {@link DeadLetters}.
 */
public final class CaptureTopology implements Supplier<Topology> {

  /**
   * The largest record of a changelog: a capture of up to a broker's default size under a longer
   * key. The producer must be allowed to send as much.
   */
  public static final int CHANGELOG_RECORD_BYTES = 2 << 20;

  private static final String SOURCE = "captures";
  private static final String WINDOWS = "windows";

  /** Where the processor sends reports. */
  static final String REPORTS = "reports";

  /** Where the processor sends the status of runs. */
  static final String STATUS = "status";

  /** Where the processor sends alerts. */
  static final String ALERTS = "alerts";

  /** Where the processor sends fitted curves. */
  static final String CURVES = "curves";

  private final StreamsConfig config;
  private final AnalysisSettings settings;

  public CaptureTopology(StreamsConfig config, AnalysisSettings settings) {
    this.config = config;
    this.settings = settings;
  }

  @Override
  public Topology get() {
    Topology topology = new Topology(new TopologyConfig(config));
    ProcessorSupplier<String, byte[], String, byte[]> windows =
        () -> new CaptureProcessor(settings);
    topology
        .addSource(SOURCE, new StringDeserializer(), new ByteArrayDeserializer(), Topics.CAPTURE)
        .addProcessor(WINDOWS, windows, SOURCE);
    addSink(topology, REPORTS, Topics.REPORTS);
    addSink(topology, STATUS, Topics.RUNS);
    addSink(topology, ALERTS, Topics.ALERTS);
    addSink(topology, CURVES, Topics.CURVES);
    for (StoreBuilder<?> store : Stores.builders()) {
      topology.addStateStore(store, WINDOWS);
    }
    return topology;
  }

  private static void addSink(Topology topology, String name, String topic) {
    topology.addSink(name, topic, new StringSerializer(), new ByteArraySerializer(), WINDOWS);
  }
}
