package io.collapsewatch.analyzer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.analyzer.AnalyzerConfig;
import io.collapsewatch.analyzer.AnalyzerSettings;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.Topics;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.CaptureCodec;
import io.collapsewatch.protocol.codec.ReportJson;
import io.collapsewatch.protocol.codec.RunStatusJson;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;

/** The topology with its real stores and a clock that the test moves: captures in, reports out. */
final class TopologyHarness implements AutoCloseable {

  private final TopologyTestDriver driver;
  private final TestInputTopic<String, byte[]> captures;
  private final TestOutputTopic<String, byte[]> reports;
  private final TestOutputTopic<String, byte[]> statuses;
  private final TestOutputTopic<String, byte[]> deadLetters;
  private long nowMs = 1_000_000;

  TopologyHarness(Path stateDir) {
    this(stateDir, AnalyzerConfig.SNAPSHOT_BYTES);
  }

  TopologyHarness(Path stateDir, long snapshotBytes) {
    Properties settings = AnalyzerSettings.of(AnalyzerConfig.of("unused:1", stateDir));
    CaptureTopology topology = new CaptureTopology(new StreamsConfig(settings), snapshotBytes);
    driver = new TopologyTestDriver(topology.get(), settings);
    captures =
        driver.createInputTopic(Topics.CAPTURE, new StringSerializer(), new ByteArraySerializer());
    reports =
        driver.createOutputTopic(
            Topics.REPORTS, new StringDeserializer(), new ByteArrayDeserializer());
    statuses =
        driver.createOutputTopic(
            Topics.RUNS, new StringDeserializer(), new ByteArrayDeserializer());
    deadLetters =
        driver.createOutputTopic(
            Topics.DEAD_LETTERS, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Moves the clock that stamps the records. */
  void pass(long ms) {
    nowMs += ms;
  }

  /** Moves the clock by which silence is noticed. */
  void sleep(long ms) {
    driver.advanceWallClockTime(Duration.ofMillis(ms));
  }

  long nowMs() {
    return nowMs;
  }

  void send(Capture capture) {
    send(capture.header().run(), CaptureCodec.encode(capture));
  }

  void send(String key, byte[] value) {
    captures.pipeInput(key, value, nowMs);
  }

  /** The reports since the last call. */
  List<WindowReport> reports() {
    return reports.readValuesToList().stream().map(ReportJson::decode).toList();
  }

  /** The one report since the last call. */
  WindowReport onlyReport() {
    List<WindowReport> all = reports();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  /** The last of the reports since the last call. */
  WindowReport lastReport() {
    List<WindowReport> all = reports();
    return all.get(all.size() - 1);
  }

  /** The statuses of runs since the last call. */
  List<RunStatus> statuses() {
    return statuses.readValuesToList().stream().map(RunStatusJson::decode).toList();
  }

  /** The dead letters since the last call. */
  List<TestRecord<String, byte[]>> deadLetters() {
    return deadLetters.readRecordsToList();
  }

  /** Number of entries in a store. */
  long entries(String store) {
    try (KeyValueIterator<String, Object> all =
        driver.<String, Object>getKeyValueStore(store).all()) {
      long n = 0;
      for (; all.hasNext(); all.next()) {
        n++;
      }
      return n;
    }
  }

  @Override
  public void close() {
    driver.close();
  }
}
