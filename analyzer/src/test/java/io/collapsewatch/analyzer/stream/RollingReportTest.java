package io.collapsewatch.analyzer.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.analyzer.Captures;
import io.collapsewatch.analyzer.collapse.Collapse;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.analyzer.window.BatchSamples;
import io.collapsewatch.analyzer.window.CapturedClassifier;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.TrainingStats;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.ReportJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RollingReportTest extends TopologyTest {

  private static final int K = 4;
  private static final int D = 6;

  @Test
  void aFirstBatchAloneIsReported() {
    topology.send(batch(0));

    WindowReport report = topology.onlyReport();
    assertThat(report.kind()).isEqualTo(WindowReport.Kind.ROLLING);
    assertThat(report.run()).isEqualTo("run");
    assertThat(report.metrics().get(MetricKey.SAMPLES)).hasValue(8);
    assertThat(report.metrics().get(MetricKey.NC1)).isPresent();
    assertThat(report.metrics().get(MetricKey.NC3_DUALITY)).isEmpty();
    assertThat(report.classes()).isEmpty();
    assertThat(report.dim()).isEqualTo(D);
    assertThat(report.timestampMs()).isEqualTo(topology.nowMs());
    assertThat(report.notes())
        .containsExactly(
            "no classifier has been captured for this layer up to the last step:"
                + " metrics of weights are absent");
  }

  @Test
  void aReportIsDueAboutOnceASecondOfTheRecordsTime() {
    for (long step = 0; step <= 100; step++) {
      topology.send(batch(step));
      topology.pass(50);
    }

    // The 21st batch comes 1 s after the first, which settles R = 20.
    assertThat(topology.reports())
        .extracting(WindowReport::stepLast)
        .containsExactly(0L, 20L, 40L, 60L, 80L, 100L);
  }

  @Test
  void aRunMayAskForItsOwnInterval() {
    topology.send(started(RunSettings.builder().classes(K).reportEverySteps(7).build()));
    for (long step = 0; step <= 15; step++) {
      topology.send(batch(step));
      topology.pass(5000);
    }

    assertThat(topology.reports()).extracting(WindowReport::stepLast).containsExactly(0L, 7L, 14L);
  }

  @Test
  void theEndReportsWhatHasNotBeenReported() {
    topology.send(batch(0));
    topology.send(batch(1));
    assertThat(topology.reports()).hasSize(1);

    topology.send(end(2));
    assertThat(topology.onlyReport().stepLast()).isEqualTo(1);
  }

  @Test
  void anEndedRunLeavesNothingBehindButItself() {
    topology.send(Captures.classifier(header(0), K, D));
    topology.send(batch(0));
    topology.send(Captures.batch(header(1).withSnapshot("open", false), 8, K, D));
    topology.send(end(2));

    assertThat(topology.entries(Stores.SAMPLES)).isZero();
    assertThat(topology.entries(Stores.BLOBS)).isZero();
    assertThat(topology.entries(Stores.WINDOWS)).isZero();
    assertThat(topology.entries(Stores.PASSES)).isZero();
    assertThat(topology.entries(Stores.CLASSIFIERS)).isZero();
    assertThat(topology.entries(Stores.RUNS)).isEqualTo(1);
  }

  @Test
  void theMetricsAreThoseOfTheSamplesInTheWindow() {
    ClassifierSnapshot classifier = Captures.classifier(header(0), K, D);
    topology.send(classifier);
    List<FeatureBatch> sent = new ArrayList<>();
    for (long step = 0; step < 5; step++) {
      sent.add(batch(step));
      topology.send(batch(step));
    }
    topology.send(end(5));

    // Oracle: the mathematics, applied to what was sent; all of it fits into the window.
    CollapseResult expected =
        Collapse.measure(
            new BatchSamples(sent),
            CapturedClassifier.of(List.of(classifier)).map(CapturedClassifier::classifier));
    WindowReport report = topology.lastReport();
    assertClose(report.metrics(), expected.metrics());
    assertThat(report.frame()).isEqualTo(expected.frame());
    assertThat(report.cosines()).isEqualTo(expected.cosines());
    assertThat(report.stepFirst()).isZero();
    assertThat(report.oldestSampleAge()).isEqualTo(4);
    assertThat(report.completeness()).isEqualTo(40.0 / (K * 64));
  }

  /** The window lists its samples by class, so its sums run in another order than the oracle's. */
  private static void assertClose(MetricValues actual, MetricValues expected) {
    assertThat(actual.toMap().keySet()).isEqualTo(expected.toMap().keySet());
    expected.forEach(
        (key, value) ->
            assertThat(actual.get(key).orElseThrow())
                .as(key.key())
                .isCloseTo(value, within(1e-12 + 1e-12 * Math.abs(value))));
  }

  @Test
  void capturedMarginsAreReportedAsTheyWere() {
    topology.send(Captures.classifier(header(0), K, D));
    topology.send(Captures.withMargins(batch(0), 1.0, 3.0));

    WindowReport report = topology.onlyReport();
    assertThat(report.metrics().get(MetricKey.MARGIN_MIN)).hasValue(1);
    assertThat(report.metrics().get(MetricKey.MARGIN_MEAN)).hasValue(2);
    assertThat(report.metrics().get(MetricKey.ACCURACY)).hasValue(1);
    assertThat(report.marginHistogram().orElseThrow().counts().values()).containsExactly(4L, 4L);
  }

  @Test
  void marginsOfAllRowsAreThoseSinceTheLastReport() {
    MarginStatistics first = MarginStatistics.of(new double[] {1, 2}, 2);
    MarginStatistics second = MarginStatistics.of(new double[] {-3, 2, 4}, 2);
    topology.send(TrainingStats.ofMargins(header(0), first));
    topology.send(TrainingStats.ofMargins(header(0), second));
    topology.send(batch(0));
    assertThat(topology.onlyReport().marginsSeen()).contains(first.plus(second));

    topology.send(batch(1));
    topology.send(end(1));
    assertThat(topology.onlyReport().marginsSeen()).isEmpty();
  }

  @Test
  void theNewestClassifierUpToTheLastStepIsUsed() {
    topology.send(Captures.classifier(header(0), K, D));
    topology.send(Captures.classifier(header(3), K, D));
    topology.send(batch(5));
    assertThat(topology.onlyReport().classifierStep()).hasValue(3);

    topology.send(batch(6));
    topology.send(Captures.classifier(header(9), K, D));
    topology.send(end(10));
    assertThat(topology.onlyReport().classifierStep()).hasValue(3);
  }

  @Test
  void theSamplesComeFromEveryRankAndTheClassifierFromRankZero() {
    topology.send(Captures.classifier(header(0).withSender(0, 0, 2), K, D));
    topology.send(Captures.classifier(header(1).withSender(0, 1, 2), K, D));
    topology.send(Captures.batch(header(1).withSender(0, 0, 2), 8, K, D));
    topology.send(Captures.batch(header(1).withSender(0, 1, 2), 8, K, D));
    topology.send(new RunEnded(header(2).withSender(0, 0, 2)));

    WindowReport report = topology.lastReport();
    assertThat(report.metrics().get(MetricKey.SAMPLES)).hasValue(16);
    assertThat(report.classifierStep()).hasValue(0);
    assertThat(topology.deadLetters()).isEmpty();
  }

  @Test
  void onlyTheNewestClassifiersAreKept() {
    for (long step = 0; step < 20; step++) {
      topology.send(Captures.classifier(header(step), K, D));
    }

    assertThat(topology.entries(Stores.BLOBS)).isEqualTo(4);
  }

  @Test
  void aClassifierInPartsTakesEffectWhenItIsComplete() {
    ClassifierSnapshot whole = Captures.classifier(header(0), K, D);
    topology.send(whole.slice(whole.header().withPart(0, 2), 0, 3));
    topology.send(batch(0));
    assertThat(topology.onlyReport().classifierStep()).isEmpty();

    topology.send(whole.slice(whole.header().withPart(1, 2), 3, K));
    topology.send(batch(1));
    topology.send(end(1));
    assertThat(topology.onlyReport().metrics())
        .isEqualTo(reportWithWholeClassifier(whole).metrics());
  }

  private WindowReport reportWithWholeClassifier(ClassifierSnapshot whole) {
    try (TopologyHarness other = new TopologyHarness(stateDir.resolve("other"))) {
      other.send(whole);
      other.send(batch(0));
      other.send(batch(1));
      other.send(end(1));
      return other.lastReport();
    }
  }

  @Test
  void aBatchInPartsMakesAReportDueWithItsLastPart() {
    FeatureBatch whole = batch(0);
    topology.send(whole.slice(whole.header().withPart(0, 2), 0, 5));
    assertThat(topology.reports()).isEmpty();

    topology.send(whole.slice(whole.header().withPart(1, 2), 5, 8));
    assertThat(topology.onlyReport().metrics().get(MetricKey.SAMPLES)).hasValue(8);
  }

  @Test
  void aRepeatedMessageIsIgnored() {
    FeatureBatch batch = Captures.batch(header(0).withSeq(OptionalLong.of(7)), 8, K, D);
    topology.send(batch);
    topology.send(batch);
    topology.send(end(1));

    assertThat(topology.onlyReport().metrics().get(MetricKey.SAMPLES)).hasValue(8);
  }

  @Test
  void theSameNumberOfAnotherRankIsNoRepeat() {
    for (int rank = 0; rank < 2; rank++) {
      CaptureHeader header = header(0).withSender(0, rank, 2).withSeq(OptionalLong.of(7));
      topology.send(Captures.batch(header, 8, K, D));
    }
    topology.send(new RunEnded(header(1).withSender(0, 0, 2)));

    assertThat(topology.lastReport().metrics().get(MetricKey.SAMPLES)).hasValue(16);
  }

  @Test
  void aRestartedRunBeginsWithAnEmptyWindow() {
    topology.send(batch(100));
    topology.send(Captures.batch(header(40).withSender(1, 0, 1), 8, K, D));
    topology.send(Captures.batch(header(101).withSender(0, 0, 1), 8, K, D));

    List<WindowReport> reports = topology.reports();
    assertThat(reports).extracting(WindowReport::attempt).containsExactly(0, 1);
    assertThat(reports.get(1).stepFirst()).isEqualTo(40);
    assertThat(reports.get(1).metrics().get(MetricKey.SAMPLES)).hasValue(8);
  }

  @Test
  void layersAndSplitsHaveWindowsOfTheirOwn() {
    topology.send(batch(0));
    topology.send(Captures.batch(header(0).withSource("test", "penultimate"), 4, K, D));
    topology.send(Captures.batch(header(0).withSource("train", "block3"), 2, K, 9));

    assertThat(topology.reports())
        .extracting(r -> r.split() + " " + r.layer() + " " + r.dim())
        .containsExactly("train penultimate 6", "test penultimate 6", "train block3 9");
  }

  @Test
  void theReportCarriesWhatTheTrainingLoopSays() {
    topology.send(started(RunSettings.builder().classes(K).build()));
    topology.send(stats("first", 2.0, "last", 3.0));
    topology.send(
        Captures.batch(header(0).withDropped(Map.of("buffer_full", 3L)).withEpoch(2.5), 8, K, D));

    WindowReport report = topology.onlyReport();
    assertThat(report.classes()).hasValue(K);
    assertThat(report.epoch()).hasValue(2.5);
    assertThat(report.layerNorms())
        .containsExactly(Map.entry("first", 2.0), Map.entry("last", 3.0));
    assertThat(report.training()).containsOnly(Map.entry("loss", 0.25));
    assertThat(report.dropped()).containsOnly(Map.entry("buffer_full", 3L));
    assertThat(report.metrics().get(MetricKey.LN_RHO).orElseThrow())
        .isCloseTo(Math.log(6), within(1e-15));
  }

  @Test
  void withBatchNormalisationOnlyTheLastNormCounts() {
    topology.send(started(RunSettings.builder().batchNorm(true).build()));
    topology.send(stats("first", 2.0, "last", 3.0));
    topology.send(batch(0));

    assertThat(topology.onlyReport().metrics().get(MetricKey.LN_RHO)).hasValue(Math.log(3));
  }

  @Test
  void aRunThatWasSilentForADayBeginsAnew() {
    topology.send(batch(1000));
    topology.sleep(24L * 3600 * 1000 + 60_000);
    topology.send(Captures.batch(header(0), 4, K, D + 1));

    assertThat(topology.deadLetters()).isEmpty();
    assertThat(topology.lastReport().metrics().get(MetricKey.SAMPLES)).hasValue(4);
  }

  @Test
  void whatARunHasNotReportedIsReportedWhenItFallsSilent() {
    topology.send(batch(0));
    topology.send(batch(1));
    assertThat(topology.onlyReport().stepLast()).isZero();

    topology.sleep(11 * 60_000);
    assertThat(topology.onlyReport().stepLast()).isEqualTo(1);
    topology.sleep(11 * 60_000);
    assertThat(topology.reports()).isEmpty();
  }

  @Test
  void aRunMessageAfterTheEndBeginsTheRunAnew() {
    for (int seq = 0; seq < 2; seq++) {
      topology.send(started(RunSettings.builder().classes(K).build()));
      topology.send(batch(0));
      topology.send(end(1));
    }

    assertThat(topology.reports()).hasSize(2);
  }

  @Test
  void aRunMessageOfAnEarlierStepBeginsTheRunAnew() {
    topology.send(started(RunSettings.builder().classes(K).build()));
    topology.send(batch(5000));
    topology.send(started(RunSettings.builder().classes(K).build()));
    topology.send(batch(0));

    List<WindowReport> reports = topology.reports();
    assertThat(reports).extracting(WindowReport::stepLast).containsExactly(5000L, 0L);
    assertThat(reports.get(1).metrics().get(MetricKey.SAMPLES)).hasValue(8);
  }

  @Test
  void aClassifierThatLacksRowsIsNotUsed() {
    ClassifierSnapshot whole = Captures.classifier(header(0), K, D);
    topology.send(whole.slice(whole.header().withPart(0, 2), 0, 2));
    topology.send(whole.slice(whole.header().withPart(1, 2), 0, 2));
    topology.send(batch(0));

    assertThat(topology.onlyReport().classifierStep()).isEmpty();
  }

  @Test
  void theClassifierOfTheLastBatchIsKeptUntilTheEnd() {
    for (long step = 0; step < 20; step++) {
      topology.send(Captures.classifier(header(step), K, D));
      if (step < 10) {
        topology.send(batch(step));
      }
    }
    topology.reports();
    topology.send(end(20));

    assertThat(topology.onlyReport().classifierStep()).hasValue(9);
  }

  @Test
  void marginsAfterTheLastBatchAreReportedAtTheEnd() {
    topology.send(batch(0));
    topology.reports();
    MarginStatistics late = MarginStatistics.of(new double[] {1, 2}, 2);
    topology.send(TrainingStats.ofMargins(header(1), late));
    topology.send(end(2));

    assertThat(topology.onlyReport().marginsSeen()).contains(late);
  }

  @Test
  void theFullestReportStaysBelowARecord() {
    Map<String, Double> norms = new LinkedHashMap<>();
    for (int i = 0; i < Limits.NORMS; i++) {
      norms.put("x".repeat(Limits.TEXT - 4) + i, 1.0 / 3);
    }
    topology.send(stats(norms));
    topology.send(Captures.classifier(header(0), 100, D));
    topology.send(Captures.batch(header(0), 6000, 100, D));

    assertThat(topology.deadLetters()).isEmpty();
    assertThat(ReportJson.encode(topology.onlyReport()).length).isLessThan(Limits.RECORD_BYTES);
  }

  private static CaptureHeader header(long step) {
    return CaptureHeader.of("run", step);
  }

  private static FeatureBatch batch(long step) {
    return Captures.batch(header(step), 8, K, D);
  }

  private static RunStarted started(RunSettings settings) {
    return new RunStarted(header(0), settings);
  }

  private static RunEnded end(long step) {
    return new RunEnded(header(step));
  }

  private static TrainingStats stats(String first, double firstNorm, String last, double lastNorm) {
    Map<String, Double> norms = new LinkedHashMap<>();
    norms.put(first, firstNorm);
    norms.put(last, lastNorm);
    return stats(norms);
  }

  private static TrainingStats stats(Map<String, Double> norms) {
    return new TrainingStats(
        header(0),
        OptionalDouble.of(0.25),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        norms,
        Optional.empty());
  }
}
