package io.collapsewatch.launcher.pipeline;

import io.collapsewatch.analyzer.AnalyzerConfig;
import io.collapsewatch.analyzer.AnalyzerSettings;
import io.collapsewatch.analyzer.stream.AnalysisSettings;
import io.collapsewatch.analyzer.stream.CaptureTopology;
import io.collapsewatch.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** What the analyzer's topology makes of records, driven one by one in this process. */
final class Reports {

  private Reports() {}

  /** The reports, in order, with the run as key. */
  static List<TestRecord<String, byte[]>> of(
      List<TestRecord<String, byte[]>> captures, Path stateFolder) {
    Properties settings = AnalyzerSettings.of(AnalyzerConfig.of("unused:1", stateFolder));
    CaptureTopology topology =
        new CaptureTopology(new StreamsConfig(settings), AnalysisSettings.DEFAULT);
    try (TopologyTestDriver driver = new TopologyTestDriver(topology.get(), settings)) {
      TestInputTopic<String, byte[]> in =
          driver.createInputTopic(
              Topics.CAPTURE, new StringSerializer(), new ByteArraySerializer());
      captures.forEach(in::pipeInput);
      return driver
          .createOutputTopic(Topics.REPORTS, new StringDeserializer(), new ByteArrayDeserializer())
          .readRecordsToList();
    }
  }

  static String text(TestRecord<String, byte[]> report) {
    return new String(report.value(), StandardCharsets.UTF_8);
  }

  /** Without the one field that depends on when the captures were appended. */
  static String withoutTime(TestRecord<String, byte[]> report) {
    return text(report).replaceFirst("\"timestamp_ms\":[0-9]+", "");
  }
}
