package io.collapsewatch.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.agent.capture.CaptureIntake;
import io.collapsewatch.agent.capture.Recorder;
import io.collapsewatch.agent.publish.CaptureSink;
import io.collapsewatch.agent.publish.EncodedCapture;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.analyzer.saved.MeasurablePass;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.codec.CaptureCodec;
import io.collapsewatch.protocol.saved.SavedPass;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Runs of the demo in memory. */
final class Trained {

  private Trained() {}

  /** All captures of a run. */
  static List<Capture> train(DemoRun run, int epochs, long seed) {
    Memory memory = new Memory();
    CaptureIntake intake = new CaptureIntake(memory, () -> 0);
    try (Recorder recorder = Recorder.start(intake, run.name(), run.settings())) {
      new DemoTraining(run, epochs, seed, recorder).run(() -> false);
      assertThat(recorder.dropped()).isEmpty();
    }
    return memory.captures;
  }

  /** The batches of one pass. */
  static Stream<FeatureBatch> snapshots(List<Capture> captures, String id) {
    return captures.stream()
        .filter(capture -> capture.header().snapshot().equals(Optional.of(id)))
        .filter(FeatureBatch.class::isInstance)
        .map(FeatureBatch.class::cast);
  }

  /** What the last pass measures. */
  static CollapseResult lastSnapshot(List<Capture> captures) {
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
    return new MeasurablePass(pass).measure();
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
