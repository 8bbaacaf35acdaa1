package io.collapsewatch.analyzer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.analyzer.AnalyzerConfig;
import io.collapsewatch.analyzer.AnalyzerSettings;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.Topics;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.AlertJson;
import io.collapsewatch.protocol.codec.CaptureCodec;
import io.collapsewatch.protocol.codec.FittedCurveJson;
import io.collapsewatch.protocol.codec.ReportJson;
import io.collapsewatch.protocol.codec.RunStatusJson;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
  private final TestOutputTopic<String, byte[]> alerts;
  private final TestOutputTopic<String, byte[]> curves;
  private final TestOutputTopic<String, byte[]> deadLetters;
  private long nowMs = 1_000_000;

  TopologyHarness(Path stateDir) {
    this(stateDir, AnalysisSettings.DEFAULT);
  }

  TopologyHarness(Path stateDir, AnalysisSettings analysis) {
    Properties settings = AnalyzerSettings.of(AnalyzerConfig.of("unused:1", stateDir));
    CaptureTopology topology = new CaptureTopology(new StreamsConfig(settings), analysis);
    driver = new TopologyTestDriver(topology.get(), settings, Instant.ofEpochMilli(nowMs));
    captures =
        driver.createInputTopic(Topics.CAPTURE, new StringSerializer(), new ByteArraySerializer());
    reports = output(Topics.REPORTS);
    statuses = output(Topics.RUNS);
    alerts = output(Topics.ALERTS);
    curves = output(Topics.CURVES);
    deadLetters = output(Topics.DEAD_LETTERS);
  }

  private TestOutputTopic<String, byte[]> output(String topic) {
    return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Moves the clock that stamps the records. */
  void pass(long ms) {
    nowMs += ms;
  }

  /** Moves both clocks, a second at a time as a process lives through it; days by minutes. */
  void sleep(long ms) {
    for (long left = ms, step; left > 0; left -= step) {
      step = Math.min(left, left > 3_600_000 ? 60_000 : 1_000);
      driver.advanceWallClockTime(Duration.ofMillis(step));
    }
    nowMs += ms;
  }

  /** Moves both clocks at once, as for a process that has been busy with something else. */
  void beBusy(long ms) {
    driver.advanceWallClockTime(Duration.ofMillis(ms));
    nowMs += ms;
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

  /** The alerts since the last call. */
  List<Alert> alerts() {
    return alerts.readValuesToList().stream().map(AlertJson::decode).toList();
  }

  /** The fitted curves since the last call. */
  List<FittedCurve> curves() {
    return curves.readValuesToList().stream().map(FittedCurveJson::decode).toList();
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
