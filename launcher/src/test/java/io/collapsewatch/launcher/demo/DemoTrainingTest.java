package io.collapsewatch.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.agent.capture.CaptureIntake;
import io.collapsewatch.agent.capture.Recorder;
import io.collapsewatch.agent.publish.CaptureSink;
import io.collapsewatch.agent.publish.EncodedCapture;
import io.collapsewatch.analyzer.saved.MeasurablePass;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.TrainingStats;
import io.collapsewatch.protocol.codec.CaptureCodec;
import io.collapsewatch.protocol.saved.SavedPass;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DemoTrainingTest {

  private static final int EPOCHS = 20;
  private static final int STEPS_AN_EPOCH = 1797 / 64;

  /** PyTorch reached nc1 0.02 and 0.5 with these settings after 60 epochs; 20 are on their way. */
  @Test
  void onlyTheNormalisedNetworkCollapses() {
    MetricValues batchNorm = lastSnapshot(train(DemoRun.BATCHNORM, EPOCHS, 1));
    MetricValues plain = lastSnapshot(train(DemoRun.PLAIN, EPOCHS, 1));

    assertThat(batchNorm.get(MetricKey.NC1).getAsDouble()).isLessThan(0.06);
    assertThat(batchNorm.get(MetricKey.NC4_NCC_MISMATCH)).hasValue(0);
    assertThat(batchNorm.get(MetricKey.ACCURACY)).hasValue(1);
    assertThat(plain.get(MetricKey.NC1).getAsDouble()).isGreaterThan(0.2);
    assertThat(plain.get(MetricKey.ACCURACY).getAsDouble()).isGreaterThan(0.99);
  }

  @Test
  void tellsTheRunItsClassifierItsNumbersAndItsEnd() {
    List<Capture> captures = train(DemoRun.PLAIN, 11, 1);

    assertThat(captures.get(0))
        .isInstanceOfSatisfying(
            RunStarted.class,
            started -> assertThat(started.settings()).isEqualTo(DemoRun.PLAIN.settings()));
    assertThat(captures.get(1)).isInstanceOf(ClassifierSnapshot.class);
    assertThat(captures.get(captures.size() - 1)).isInstanceOf(RunEnded.class);
    assertThat(stats(captures).map(stats -> stats.header().step()))
        .startsWith(0L, 10L, 20L)
        .hasSize(11 * STEPS_AN_EPOCH / 10 + 1);
    assertThat(stats(captures))
        .allSatisfy(
            stats -> {
              assertThat(stats.layerNorms()).containsOnlyKeys("linear1", "linear2", "linear3");
              assertThat(stats.weightDecay()).hasValue(5e-4);
            });
  }

  @Test
  void takesASnapshotOfAllSamplesEveryTenEpochsAndAtTheEnd() {
    List<Capture> captures = train(DemoRun.PLAIN, 11, 1);

    assertThat(snapshots(captures, "epoch-0010").mapToInt(FeatureBatch::rows).sum())
        .isEqualTo(1797);
    assertThat(snapshots(captures, "epoch-0011").mapToInt(FeatureBatch::rows).sum())
        .isEqualTo(1797);
    assertThat(snapshots(captures, "epoch-0011").map(batch -> batch.header().step()))
        .containsOnly(11L * STEPS_AN_EPOCH);
  }

  @Test
  void cutsTheLearningRateAfterHalfAndAfterFourFifths() {
    assertThat(
            stats(train(DemoRun.PLAIN, 10, 1))
                .map(stats -> stats.learningRate().getAsDouble())
                .distinct())
        .containsExactly(0.05, 0.05 / 10, 0.05 / 100);
  }

  @Test
  void aSeedGivesTheSameNetwork() {
    MetricValues once = lastSnapshot(train(DemoRun.BATCHNORM, 1, 7));

    assertThat(lastSnapshot(train(DemoRun.BATCHNORM, 1, 7))).isEqualTo(once);
    assertThat(lastSnapshot(train(DemoRun.BATCHNORM, 1, 8))).isNotEqualTo(once);
  }

  private static List<Capture> train(DemoRun run, int epochs, long seed) {
    Memory memory = new Memory();
    CaptureIntake intake = new CaptureIntake(memory, () -> 0);
    try (Recorder recorder = Recorder.start(intake, run.name(), run.settings())) {
      new DemoTraining(run, epochs, seed, recorder).run(() -> false);
      assertThat(recorder.dropped()).isEmpty();
    }
    return memory.captures;
  }

  private static Stream<TrainingStats> stats(List<Capture> captures) {
    return captures.stream()
        .filter(TrainingStats.class::isInstance)
        .map(TrainingStats.class::cast)
        .filter(stats -> stats.loss().isPresent());
  }

  private static Stream<FeatureBatch> snapshots(List<Capture> captures, String id) {
    return captures.stream()
        .filter(capture -> capture.header().snapshot().equals(Optional.of(id)))
        .filter(FeatureBatch.class::isInstance)
        .map(FeatureBatch.class::cast);
  }

  private static MetricValues lastSnapshot(List<Capture> captures) {
    ClassifierSnapshot classifier =
        captures.stream()
            .filter(capture -> capture.header().snapshot().isPresent())
            .filter(ClassifierSnapshot.class::isInstance)
            .map(ClassifierSnapshot.class::cast)
            .reduce((first, second) -> second)
            .orElseThrow();
    List<FeatureBatch> batches =
        snapshots(captures, classifier.header().snapshot().orElseThrow()).toList();
    Tensor features = join(batches);
    int[] labels =
        batches.stream()
            .flatMapToInt(
                batch -> IntStream.range(0, batch.rows()).map(i -> (int) batch.labels().longAt(i)))
            .toArray();
    SavedPass pass =
        new SavedPass(
            features, Tensor.ofInts(labels, labels.length), classifier.weight(), classifier.bias());
    return new MeasurablePass(pass).measure().metrics();
  }

  private static Tensor join(List<FeatureBatch> batches) {
    int rows = batches.stream().mapToInt(FeatureBatch::rows).sum();
    int dim = batches.get(0).dim();
    double[] all = new double[rows * dim];
    int next = 0;
    for (FeatureBatch batch : batches) {
      for (int i = 0; i < batch.features().size(); i++) {
        all[next++] = batch.features().doubleAt(i);
      }
    }
    return Tensor.ofDoubles(all, rows, dim);
  }

  /** Takes everything. */
  private static final class Memory implements CaptureSink {

    private final List<Capture> captures = new ArrayList<>();

    @Override
    public boolean offer(List<EncodedCapture> offered) {
      offered.stream()
          .flatMap(capture -> capture.parts().stream())
          .forEach(part -> captures.add(CaptureCodec.decode(ByteBuffer.wrap(part))));
      return true;
    }

    @Override
    public boolean connected() {
      return true;
    }

    @Override
    public boolean awaitRoom(Duration longest) {
      return true;
    }

    @Override
    public long close(Duration limit) {
      return 0;
    }
  }
}
