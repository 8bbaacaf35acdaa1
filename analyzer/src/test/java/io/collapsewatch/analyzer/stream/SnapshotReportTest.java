package io.collapsewatch.analyzer.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.analyzer.Captures;
import io.collapsewatch.analyzer.collapse.Collapse;
import io.collapsewatch.analyzer.window.BatchSamples;
import io.collapsewatch.analyzer.window.CapturedClassifier;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.WindowReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotReportTest extends TopologyTest {

  private static final int K = 4;
  private static final int D = 6;
  private static final int ROWS = 50;

  @Test
  void aPassIsMeasuredWhenItEnds() {
    ClassifierSnapshot classifier = Captures.classifier(pass(9, false), K, D);
    List<FeatureBatch> batches = batches(3);
    topology.send(classifier);
    batches.subList(0, 2).forEach(topology::send);
    assertThat(topology.reports()).isEmpty();

    topology.send(batches.get(2));
    WindowReport report = topology.onlyReport();
    assertThat(report.kind()).isEqualTo(WindowReport.Kind.SNAPSHOT);
    assertThat(report.snapshot()).contains("pass");
    assertThat(report.completeness()).isEqualTo(1);
    assertThat(report.notes()).isEmpty();
    // Oracle: the mathematics, applied to the same samples in the same order.
    assertThat(report.metrics()).isEqualTo(twoPass(batches, classifier));
    assertThat(topology.entries(Stores.PASSES)).isZero();
  }

  @Test
  void aPassIsNoPartOfTheRollingWindow() {
    topology.send(Captures.batch(CaptureHeader.of("run", 0), 8, K, D));
    batches(2).forEach(topology::send);
    topology.send(new RunEnded(CaptureHeader.of("run", 3)));

    assertThat(topology.reports())
        .extracting(r -> r.kind() + " " + r.metrics().get(MetricKey.SAMPLES).orElseThrow())
        .containsExactly("ROLLING 8.0", "SNAPSHOT 100.0");
  }

  @Test
  void aPassHasItsOwnClassifier() {
    topology.send(Captures.classifier(pass(0, false), K, D));
    topology.send(Captures.classifier(CaptureHeader.of("run", 1), K, D));
    batches(2).forEach(topology::send);

    assertThat(topology.onlyReport().classifierStep()).hasValue(0);
  }

  @Test
  void aPassWithoutAClassifierUsesTheNewestUpToItsStep() {
    topology.send(Captures.classifier(CaptureHeader.of("run", 0), K, D));
    topology.send(Captures.classifier(CaptureHeader.of("run", 1), K, D));
    topology.send(Captures.classifier(CaptureHeader.of("run", 5), K, D));
    batches(2).forEach(topology::send);

    assertThat(topology.onlyReport().classifierStep()).hasValue(1);
  }

  @Test
  void aPassEndsWhenEveryRankHasEndedIt() {
    topology.send(Captures.batch(pass(0, true).withSender(0, 0, 2), ROWS, K, D));
    assertThat(topology.reports()).isEmpty();

    topology.send(Captures.batch(pass(0, true).withSender(0, 1, 2), ROWS, K, D));
    assertThat(topology.onlyReport().metrics().get(MetricKey.SAMPLES)).hasValue(2.0 * ROWS);
  }

  @Test
  void aPassThatIsSilentIsClosedAsIncomplete() {
    topology.send(Captures.batch(pass(0, true).withSender(0, 0, 2), ROWS, K, D));
    topology.sleep(10 * 60_000);
    assertThat(topology.reports()).isEmpty();

    topology.sleep(60_000);
    WindowReport report = topology.onlyReport();
    assertThat(report.completeness()).isEqualTo(0.5);
    assertThat(report.notes())
        .contains(
            "the pass is incomplete, 1 of 2 ranks have ended it: the run has been silent for"
                + " 10 minutes");
    assertThat(topology.entries(Stores.PASSES)).isZero();
    assertThat(topology.entries(Stores.BLOBS)).isZero();
  }

  @Test
  void aPassThatLacksPartsOfItsMessagesSaysSo() {
    FeatureBatch batch = Captures.batch(pass(0, true), 30, K, D);
    topology.send(batch.slice(batch.header().withPart(0, 3), 0, 10));
    topology.send(batch.slice(batch.header().withPart(2, 3), 20, 30));

    assertThat(topology.onlyReport().notes())
        .contains("1 parts of the pass's messages are missing");
  }

  @Test
  void aPassDuringWhichMessagesWereLostSaysSo() {
    CaptureHeader first = pass(0, false).withDropped(Map.of("buffer_full", 2L));
    CaptureHeader last = pass(1, true).withDropped(Map.of("buffer_full", 5L, "refused", 1L));
    topology.send(Captures.batch(first, ROWS, K, D));
    topology.send(Captures.batch(last, ROWS, K, D));

    assertThat(topology.onlyReport().notes())
        .contains("4 messages of the run were lost during the pass");
  }

  @Test
  void onePassTooManyIsRefused() {
    for (int i = 0; i < 16; i++) {
      CaptureHeader header = CaptureHeader.of("run", 0).withSnapshot("pass" + i, false);
      topology.send(Captures.batch(header, 2, K, D));
    }
    topology.send(
        Captures.batch(CaptureHeader.of("run", 0).withSnapshot("one-more", false), 2, K, D));

    assertThat(topology.deadLetters()).hasSize(1);
    assertThat(topology.entries(Stores.PASSES)).isEqualTo(16);
  }

  @Test
  void rowsOfAWidePassBeyondTheLimitAreLeftOut() {
    int wide = 5000;
    try (TopologyHarness small = holding("wide", 50_000)) {
      for (int i = 0; i < 5; i++) {
        small.send(Captures.batch(pass(i, i == 4), 2, 2, wide));
      }

      // A batch of 2×5000 floats has 40 kB: one fits.
      WindowReport report = small.onlyReport();
      assertThat(report.metrics().get(MetricKey.SAMPLES)).hasValue(2);
      assertThat(report.notes())
          .contains(
              "8 rows of the pass were left out: it is larger than 50000 bytes, and streaming"
                  + " statistics end at a width of 4096");
    }
  }

  @Test
  void aPassThatIsOpenAtTheEndOfTheRunIsClosedAsIncomplete() {
    topology.send(Captures.batch(pass(0, false), ROWS, K, D));
    topology.send(new RunEnded(CaptureHeader.of("run", 1)));

    assertThat(topology.onlyReport().notes())
        .contains("the pass is incomplete, 0 of 1 ranks have ended it: the run ended");
  }

  @Test
  void aPassThatIsOpenAtARestartIsClosedAsIncomplete() {
    topology.send(Captures.batch(pass(0, false), ROWS, K, D));
    topology.send(Captures.classifier(CaptureHeader.of("run", 1).withSender(1, 0, 1), K, D));

    WindowReport report = topology.onlyReport();
    assertThat(report.attempt()).isZero();
    assertThat(report.notes())
        .contains("the pass is incomplete, 0 of 1 ranks have ended it: the run was restarted");
  }

  @Test
  void aPassBeyondTheLimitIsMeasuredByStreamingStatistics() {
    // A batch of 50×6 floats with its labels has about 1600 bytes.
    int limit = 4000;
    ClassifierSnapshot classifier = Captures.classifier(pass(9, false), K, D);
    List<FeatureBatch> batches = batches(9);
    WindowReport report;
    try (TopologyHarness small = holding("small", limit)) {
      small.send(classifier);
      batches.forEach(small::send);
      report = small.onlyReport();
      assertThat(small.entries(Stores.BLOBS)).as("the classifier").isEqualTo(1);
    }

    assertThat(report.notes())
        .containsExactly(
            "the pass is larger than 4000 bytes and was measured by streaming statistics:"
                + " nc4_ncc_mismatch, accuracy and margins are absent");
    assertThat(report.metrics().get(MetricKey.NC4_NCC_MISMATCH)).isEmpty();
    assertThat(report.metrics().get(MetricKey.MARGIN_P50)).isEmpty();
    assertThat(report.metrics().get(MetricKey.SAMPLES)).hasValue(9.0 * ROWS);
    // Oracle: two passes over the same samples.
    MetricValues expected = twoPass(batches, classifier);
    for (MetricKey key : List.of(MetricKey.NC1, MetricKey.NC1_CDNV, MetricKey.NC3_DUALITY)) {
      double value = expected.get(key).orElseThrow();
      assertThat(report.metrics().get(key).orElseThrow()).isCloseTo(value, within(1e-12 * value));
    }
  }

  /** Batches of one pass, the last of which ends it. */
  private static List<FeatureBatch> batches(int n) {
    List<FeatureBatch> batches = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      batches.add(Captures.batch(pass(i, i == n - 1), ROWS, K, D));
    }
    return batches;
  }

  private static CaptureHeader pass(long step, boolean end) {
    return CaptureHeader.of("run", step).withSnapshot("pass", end);
  }

  private static MetricValues twoPass(List<FeatureBatch> batches, ClassifierSnapshot classifier) {
    return Collapse.measure(
            new BatchSamples(batches),
            CapturedClassifier.of(List.of(classifier)).map(CapturedClassifier::classifier))
        .metrics();
  }

  /** A topology that holds so many bytes of a pass. */
  private TopologyHarness holding(String folder, long bytes) {
    return new TopologyHarness(
        stateDir.resolve(folder), AnalysisSettings.DEFAULT.withSnapshotBytes(bytes));
  }
}
