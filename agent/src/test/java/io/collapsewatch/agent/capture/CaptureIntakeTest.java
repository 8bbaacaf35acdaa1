package io.collapsewatch.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.MismatchedCaptureException;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.TrainingStats;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CaptureIntakeTest {

  private static final long SECOND = 1_000_000_000L;

  private final CollectingSink sink = new CollectingSink();
  private long now;
  private final CaptureIntake intake = new CaptureIntake(sink, () -> now);

  @Test
  void logitsBecomeMarginsAndPredictions() {
    float[] logits = {3, 1, 0, 0, 2, 5};
    intake.accept(
        withLogits(CaptureHeader.of("r", 7), labels(0, 1), Tensor.ofFloats(logits, 2, 3)));

    FeatureBatch batch = sink.batches().get(0);
    assertThat(batch.logits()).isEmpty();
    assertThat(batch.margins()).contains(Tensor.ofDoubles(new double[] {2, -3}, 2));
    assertThat(batch.predictions()).contains(Tensor.ofInts(new int[] {0, 2}, 2));
  }

  @Test
  void whoCanWaitLeavesHalfOfTheBufferToThoseWhoCannot() throws Exception {
    sink.triesInVain(3);
    intake.acceptWaiting(oneHot("r", 0, 2), () -> {});

    assertThat(sink.triesInVain()).isZero();
    assertThat(sink.batches()).hasSize(1);
  }

  @Test
  void theStatisticsOfTheMarginsPrecedeTheirBatch() {
    float[] logits = {3, 1, 0, 0, 2, 5};
    CaptureHeader header = CaptureHeader.of("r", 7).withSeq(OptionalLong.of(3));
    intake.accept(withLogits(header, labels(0, 1), Tensor.ofFloats(logits, 2, 3)));

    assertThat(sink.captures())
        .element(0)
        .isEqualTo(
            TrainingStats.ofMargins(
                header.withPart(0, 2), MarginStatistics.of(new double[] {2, -3}, 1)));
    assertThat(sink.batches().get(0).header()).isEqualTo(header.withPart(1, 2));
  }

  @Test
  void marginsThatTheSenderReducedCountJustSo() {
    Tensor margins = Tensor.ofFloats(new float[] {0.5f, -1.5f}, 2);
    Tensor predictions = Tensor.ofInts(new int[] {0, 0}, 2);
    intake.accept(
        new FeatureBatch(
            CaptureHeader.of("r", 0),
            features(2, 3),
            labels(0, 1),
            Optional.empty(),
            Optional.of(margins),
            Optional.of(predictions)));

    assertThat(sink.stats().get(0).margins())
        .contains(MarginStatistics.of(new double[] {0.5, -1.5}, 1));
  }

  @Test
  void theStatisticsCoverEveryRowAndTheBatchesOnlyTheBudget() {
    // K = 2: 128 rows at first, then 12.8 a second. 100 batches of 50 rows within a second.
    for (int step = 0; step < 100; step++) {
      now = step * SECOND / 100;
      intake.accept(oneHot("r", step, 50));
    }
    intake.accept(new RunEnded(CaptureHeader.of("r", 100)));

    long covered = sink.stats().stream().mapToLong(s -> s.margins().orElseThrow().count()).sum();
    assertThat(covered).isEqualTo(5000);
    int published = sink.batches().stream().mapToInt(FeatureBatch::rows).sum();
    assertThat(published).isBetween(128, 128 + 13);
  }

  @Test
  void statisticsOfUnsampledRowsGoOutOnceASecond() {
    intake.accept(oneHot("r", 0, 1000));
    int before = sink.stats().size();

    // Steps decide the sampling of this run, and they stand still; the clock moves.
    now = SECOND / 2;
    intake.accept(new RunStarted(CaptureHeader.of("r", 0), settingsWithReports(1_000_000)));
    intake.accept(oneHot("r", 0, 10));
    assertThat(sink.stats()).hasSize(before);
    now = SECOND;
    intake.accept(oneHot("r", 0, 10));

    assertThat(sink.stats()).hasSize(before + 1);
    assertThat(sink.stats().get(before).margins().orElseThrow().count()).isEqualTo(20);
  }

  @Test
  void pendingStatisticsPrecedeTheEnd() {
    intake.accept(oneHot("r", 0, 1000));
    intake.accept(oneHot("r", 1, 10));
    intake.accept(new RunEnded(CaptureHeader.of("r", 2)));

    Capture last = sink.captures().get(sink.captures().size() - 1);
    Capture beforeLast = sink.captures().get(sink.captures().size() - 2);
    assertThat(last).isInstanceOf(RunEnded.class);
    assertThat(((TrainingStats) beforeLast).margins().orElseThrow().count()).isEqualTo(10);
    assertThat(beforeLast.header().step()).isEqualTo(1);
  }

  @Test
  void whatPrecedesTheEndSharesItsNumber() {
    CaptureHeader header = CaptureHeader.of("r", 0).withSender(0, 1, 2);
    intake.accept(oneHot("r", 0, 1000));
    intake.accept(oneHot("r", 1, 10));
    intake.accept(new RunEnded(header.withSeq(OptionalLong.of(5))));

    assertThat(sink.captures().stream().skip(2).map(Capture::header))
        .containsExactly(
            CaptureHeader.of("r", 1).withSender(0, 1, 2).withSeq(OptionalLong.of(5)).withPart(0, 2),
            header.withSeq(OptionalLong.of(5)).withPart(1, 2));
  }

  @Test
  void aRunThatSaysMoreOfItselfKeepsWhatItSaidBefore() {
    intake.accept(new RunStarted(CaptureHeader.of("r", 0), settingsWithReports(1_000_000)));
    intake.accept(oneHot("r", 0, 1000));
    intake.accept(new RunStarted(CaptureHeader.of("r", 0), RunSettings.NONE));
    now = 60 * SECOND;
    intake.accept(oneHot("r", 0, 10));

    // By steps nothing is due after a minute; by time it would be.
    assertThat(sink.batches()).hasSize(1);
  }

  @Test
  void theRunNotHeardOfLongestIsForgotten() {
    for (int run = 0; run <= 10_000; run++) {
      intake.accept(new RunEnded(CaptureHeader.of("r" + run, 0).withSeq(OptionalLong.of(0))));
    }
    intake.accept(new RunEnded(CaptureHeader.of("r10000", 0).withSeq(OptionalLong.of(0))));
    assertThat(sink.taken()).hasSize(10_001);
    intake.accept(new RunEnded(CaptureHeader.of("r0", 0).withSeq(OptionalLong.of(0))));
    assertThat(sink.taken()).hasSize(10_002);
  }

  @Test
  void aRepeatedMessageIsTakenAndLeftOut() {
    assertThat(intake.accept(numbered(4, 0))).isTrue();
    assertThat(intake.accept(numbered(4, 0))).isTrue();
    assertThat(intake.accept(numbered(3, 0))).isTrue();
    assertThat(sink.captures()).hasSize(1);
  }

  @Test
  void otherNumbersPartsRanksAndAttemptsAreNoRepeats() {
    CaptureHeader header = CaptureHeader.of("r", 0).withSeq(OptionalLong.of(4));
    intake.accept(numbered(4, 0));
    intake.accept(numbered(4, 1));
    intake.accept(numbered(5, 0));
    intake.accept(new RunEnded(header.withSender(0, 1, 2)));
    intake.accept(new RunEnded(header.withSender(1, 0, 1)));
    assertThat(sink.captures()).hasSize(5);
  }

  @Test
  void messagesWithoutANumberAreNeverRepeats() {
    intake.accept(new RunEnded(CaptureHeader.of("r", 0)));
    intake.accept(new RunEnded(CaptureHeader.of("r", 0)));
    assertThat(sink.captures()).hasSize(2);
  }

  @Test
  void aRestartedRunMayHaveAnotherShapeAndStragglersOfTheOldOneAreStillTaken() {
    CaptureHeader first = CaptureHeader.of("r", 0);
    CaptureHeader second = first.withSender(1, 0, 1);
    intake.accept(FeatureBatch.of(first, features(2, 3), labels(0, 1)));
    intake.accept(FeatureBatch.of(second, features(2, 5), labels(0, 1)));
    intake.accept(FeatureBatch.of(first, features(2, 3), labels(0, 1)));
    assertThat(sink.batches()).extracting(FeatureBatch::dim).containsExactly(3, 5, 3);
  }

  @Test
  void anotherWidthIsRefused() {
    intake.accept(FeatureBatch.of(CaptureHeader.of("r", 0), features(2, 3), labels(0, 1)));
    FeatureBatch wider = FeatureBatch.of(CaptureHeader.of("r", 1), features(2, 4), labels(0, 1));
    assertThatThrownBy(() -> intake.accept(wider))
        .isInstanceOf(MismatchedCaptureException.class)
        .hasMessage(
            "features is 4 wide and layer penultimate of the run is 3 wide; a layer keeps its width");
    assertThat(sink.captures()).hasSize(1);
  }

  @Test
  void aRefusedMessageTeachesNothingAboutItsRun() {
    CaptureHeader header = CaptureHeader.of("r", 0).withSeq(OptionalLong.of(1));
    Tensor huge = Tensor.ofDoubles(new double[] {1e308, -1e308}, 1, 2);
    assertThatThrownBy(() -> intake.accept(withLogits(header, labels(0), huge)))
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessage("the margin of row 0 is Infinity; expected one within ±1.0E100");

    intake.accept(FeatureBatch.of(header, features(1, 9), labels(5)));
    assertThat(sink.batches()).extracting(FeatureBatch::dim).containsExactly(9);
  }

  @Test
  void snapshotsAreNotSampledAndLoseTheirLogits() {
    CaptureHeader pass = CaptureHeader.of("r", 0).withSnapshot("p", false);
    for (int i = 0; i < 3; i++) {
      FeatureBatch live = oneHot("r", 0, 1000);
      intake.accept(
          new FeatureBatch(
              pass,
              live.features(),
              live.labels(),
              live.logits(),
              Optional.empty(),
              Optional.empty()));
    }
    assertThat(sink.batches()).extracting(FeatureBatch::rows).containsExactly(1000, 1000, 1000);
    assertThat(sink.batches()).allSatisfy(batch -> assertThat(batch.logits()).isEmpty());
    assertThat(sink.stats()).isEmpty();
  }

  @Test
  void aFullBufferTakesNothingAndTheSameMessageMayComeAgain() {
    FeatureBatch batch =
        withLogits(
            CaptureHeader.of("r", 0).withSeq(OptionalLong.of(0)),
            labels(0, 1),
            Tensor.ofFloats(new float[] {1, 0, 1, 0}, 2, 2));
    sink.full(true);
    assertThat(intake.accept(batch)).isFalse();
    sink.full(false);
    assertThat(intake.accept(batch)).isTrue();

    assertThat(sink.batches()).hasSize(1);
    assertThat(sink.stats()).hasSize(1);
    assertThat(sink.stats().get(0).margins().orElseThrow().count()).isEqualTo(2);
    assertThat(intake.dropped(batch.header())).isEmpty();
  }

  @Test
  void unsampledRowsFindRoomInAFullBuffer() {
    intake.accept(oneHot("r", 0, 1000));
    sink.full(true);
    now = 5 * SECOND / 100;
    assertThat(intake.accept(oneHot("r", 1, 10))).isTrue();
    sink.full(false);
    intake.accept(new RunEnded(CaptureHeader.of("r", 2)));

    long covered = sink.stats().stream().mapToLong(s -> s.margins().orElseThrow().count()).sum();
    assertThat(covered).isEqualTo(1010);
  }

  @Test
  void whatKafkaLostIsToldInLaterHeadersOfTheSameRank() {
    CaptureHeader header = CaptureHeader.of("r", 0).withSender(0, 0, 2);
    intake.accept(new RunEnded(header));
    sink.taken().get(0).onLost().run();
    intake.accept(new RunEnded(header.withDropped(Map.of("kafka_failed", 2L, "queue_full", 3L))));
    intake.accept(new RunEnded(header.withSender(0, 1, 2)));

    assertThat(sink.captures().get(1).header().dropped())
        .isEqualTo(Map.of("kafka_failed", 3L, "queue_full", 3L));
    assertThat(sink.captures().get(2).header().dropped()).isEmpty();
  }

  @Test
  void everyKindKeepsItsContentWhenLossesAreToldWithIt() {
    CaptureHeader header = CaptureHeader.of("r", 0);
    intake.drop(header, "buffer_full");
    Tensor weight = features(2, 3);
    intake.accept(new RunStarted(header, settingsWithReports(5)));
    intake.accept(ClassifierSnapshot.of(header, weight, Optional.empty()));
    intake.accept(TrainingStats.ofMargins(header, MarginStatistics.of(new double[] {1}, 1)));
    intake.accept(FeatureBatch.of(header, features(2, 3), labels(0, 1)));

    CaptureHeader told = header.withDropped(Map.of("buffer_full", 1L));
    assertThat(sink.captures())
        .containsExactly(
            new RunStarted(told, settingsWithReports(5)),
            ClassifierSnapshot.of(told, weight, Optional.empty()),
            TrainingStats.ofMargins(told, MarginStatistics.of(new double[] {1}, 1)),
            FeatureBatch.of(told, features(2, 3), labels(0, 1)));
  }

  @Test
  void aRunMayNotHaveEndlessSplits() {
    CaptureHeader header = CaptureHeader.of("r", 0);
    for (int i = 0; i < 64; i++) {
      intake.accept(
          FeatureBatch.of(header.withSource("s" + i, "penultimate"), features(2, 3), labels(0, 1)));
    }
    FeatureBatch last =
        FeatureBatch.of(header.withSource("s64", "penultimate"), features(2, 3), labels(0, 1));
    assertThatThrownBy(() -> intake.accept(last))
        .isInstanceOf(MismatchedCaptureException.class)
        .hasMessage(
            "split s64 with layer penultimate would be one more than the 64 pairs of split and layer that a run may have");
  }

  private static RunSettings settingsWithReports(long steps) {
    return RunSettings.builder().reportEverySteps(steps).build();
  }

  private static RunEnded numbered(long seq, int part) {
    return new RunEnded(CaptureHeader.of("r", 0).withSeq(OptionalLong.of(seq)).withPart(part, 2));
  }

  private static Tensor labels(int... labels) {
    return Tensor.ofInts(labels, labels.length);
  }

  private static Tensor features(int rows, int dim) {
    float[] values = new float[rows * dim];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return Tensor.ofFloats(values, rows, dim);
  }

  private static FeatureBatch withLogits(CaptureHeader header, Tensor labels, Tensor logits) {
    return new FeatureBatch(
        header,
        features(labels.rows(), 4),
        labels,
        Optional.of(logits),
        Optional.empty(),
        Optional.empty());
  }

  /** Rows of two classes in turn, each with logit 1 for its class and 0 for the other. */
  private static FeatureBatch oneHot(String run, long step, int rows) {
    int[] labels = IntStream.range(0, rows).map(i -> i % 2).toArray();
    float[] logits = new float[2 * rows];
    for (int i = 0; i < rows; i++) {
      logits[2 * i + labels[i]] = 1;
    }
    return withLogits(
        CaptureHeader.of(run, step), labels(labels), Tensor.ofFloats(logits, rows, 2));
  }
}
