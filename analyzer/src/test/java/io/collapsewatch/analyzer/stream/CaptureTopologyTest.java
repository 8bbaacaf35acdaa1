package io.collapsewatch.analyzer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.analyzer.AnalyzerConfig;
import io.collapsewatch.analyzer.AnalyzerSettings;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.Test;

class CaptureTopologyTest {

  private final Properties settings =
      AnalyzerSettings.of(AnalyzerConfig.of("unused:1", Path.of("unused")));

  /** A second one would mean a repartition topic, and a second transaction on the way. */
  @Test
  void isOneSubTopologyWithoutGlobalStores() {
    TopologyDescription topology =
        new CaptureTopology(new StreamsConfig(settings), AnalysisSettings.DEFAULT).get().describe();

    assertThat(topology.subtopologies()).hasSize(1);
    assertThat(topology.globalStores()).isEmpty();
  }

  @Test
  void worksExactlyOnceAndNamesWhatItCreates() {
    assertThat(settings)
        .containsEntry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2)
        .containsEntry(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
  }
}
