package io.collapsewatch.analyzer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.analyzer.GoldenCase;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.saved.SavedPass;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden case, cut into batches and sent as a snapshot. */
class GoldenSnapshotTest extends TopologyTest {

  private static final int BATCH = 97;

  static List<GoldenCase> cases() {
    return GoldenCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aSnapshotInBatchesGivesTheGoldenMetrics(GoldenCase golden) {
    SavedPass pass = golden.pass();
    CaptureHeader header = CaptureHeader.of(golden.name(), 5).withSnapshot("pass", false);
    topology.send(ClassifierSnapshot.of(header, pass.weights(), pass.bias()));
    FeatureBatch whole = FeatureBatch.of(header, pass.features(), pass.labels());
    for (int from = 0; from < whole.rows(); from += BATCH) {
      int to = Math.min(from + BATCH, whole.rows());
      boolean end = to == whole.rows();
      topology.send(whole.slice(header.withSnapshot("pass", end), from, to));
    }

    assertThat(topology.deadLetters()).isEmpty();
    golden.assertMatches(topology.onlyReport().metrics());
  }
}
