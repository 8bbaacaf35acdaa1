package io.collapsewatch.launcher.pipeline;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.TrainingStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;

/** The captures of a made-up run, the same for the same id. */
final class Run {

  static final int CLASSES = 5;
  static final int DIM = 16;
  private static final int ROWS = 32;

  private final String id;
  private final Random random;
  private long seq;

  Run(String id) {
    this.id = id;
    this.random = new Random(id.hashCode());
  }

  /**
   * A start, {@code steps} batches with a classifier, in two parts, and numbers of the training
   * loop every 5 and a pass every 10, and an end.
   */
  static List<Capture> whole(String id, int steps, OptionalLong reportEverySteps) {
    Run run = new Run(id);
    List<Capture> captures = new ArrayList<>();
    captures.add(run.started(reportEverySteps));
    for (int step = 0; step < steps; step++) {
      if (step % 5 == 0) {
        ClassifierSnapshot whole = run.classifier(run.header(step));
        captures.add(whole.slice(whole.header().withPart(0, 2), 0, 2));
        captures.add(whole.slice(whole.header().withPart(1, 2), 2, CLASSES));
        captures.add(run.stats(run.header(step)));
      }
      captures.add(run.withMargins(run.batch(run.header(step))));
      if (step % 10 == 9) {
        captures.add(run.batch(run.header(step).withSnapshot("pass" + step, false)));
        captures.add(run.batch(run.header(step).withSnapshot("pass" + step, true)));
      }
    }
    captures.add(new RunEnded(run.header(steps)));
    return captures;
  }

  RunStarted started(OptionalLong reportEverySteps) {
    RunSettings.Builder settings = RunSettings.builder().classes(CLASSES).dim(DIM);
    reportEverySteps.ifPresent(settings::reportEverySteps);
    return new RunStarted(header(0), settings.build());
  }

  CaptureHeader header(long step) {
    return CaptureHeader.of(id, step).withSeq(OptionalLong.of(seq++));
  }

  FeatureBatch batch(CaptureHeader header) {
    float[] features = normal(ROWS * DIM);
    int[] labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = random.nextInt(CLASSES);
      features[i * DIM + labels[i]] += 3;
    }
    return FeatureBatch.of(
        header, Tensor.ofFloats(features, ROWS, DIM), Tensor.ofInts(labels, ROWS));
  }

  ClassifierSnapshot classifier(CaptureHeader header) {
    return ClassifierSnapshot.of(
        header,
        Tensor.ofFloats(normal(CLASSES * DIM), CLASSES, DIM),
        Optional.of(Tensor.ofFloats(normal(CLASSES), CLASSES)));
  }

  TrainingStats stats(CaptureHeader header) {
    double[] margins = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
    return new TrainingStats(
        header,
        OptionalDouble.of(random.nextDouble()),
        OptionalDouble.empty(),
        OptionalDouble.of(0.05),
        OptionalDouble.empty(),
        Map.of("head", random.nextDouble()),
        Optional.of(MarginStatistics.of(margins, 1)));
  }

  /** As it comes from an agent. */
  FeatureBatch withMargins(FeatureBatch batch) {
    double[] margins = new double[ROWS];
    int[] predictions = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      margins[i] = random.nextGaussian();
      predictions[i] = random.nextInt(CLASSES);
    }
    return new FeatureBatch(
        batch.header(),
        batch.features(),
        batch.labels(),
        Optional.empty(),
        Optional.of(Tensor.ofDoubles(margins, ROWS)),
        Optional.of(Tensor.ofInts(predictions, ROWS)));
  }

  private float[] normal(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
