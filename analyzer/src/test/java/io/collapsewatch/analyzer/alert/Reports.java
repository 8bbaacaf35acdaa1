package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.WindowReport.ClassPair;
import io.collapsewatch.protocol.WindowReport.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reports of made-up runs of 10 classes.
 *
 * @param stepFirst of the window
 * @param step of its newest sample; the report is from 1000 ms times that
 * @param nc1 not a number: undefined
 * @param accuracy not a number: undefined
 */
record Reports(
    Kind kind,
    String split,
    String layer,
    long stepFirst,
    long step,
    OptionalDouble epoch,
    double nc1,
    double accuracy,
    double samples) {

  static final int CLASSES = 10;

  /** A rolling report of a window of 100 steps without an epoch; everything fits. */
  static Reports rolling(long step, double nc1) {
    return new Reports(
        Kind.ROLLING,
        "train",
        "penultimate",
        Math.max(0, step - 99),
        step,
        OptionalDouble.empty(),
        nc1,
        1,
        640);
  }

  /** The report of a pass with frozen weights; everything fits. */
  static Reports snapshot(long step, double nc1) {
    return new Reports(
        Kind.SNAPSHOT, "train", "penultimate", step, step, OptionalDouble.empty(), nc1, 1, 1797);
  }

  Reports of(String newSplit, String newLayer) {
    return new Reports(kind, newSplit, newLayer, stepFirst, step, epoch, nc1, accuracy, samples);
  }

  Reports from(long newStepFirst) {
    return new Reports(kind, split, layer, newStepFirst, step, epoch, nc1, accuracy, samples);
  }

  Reports epoch(double newEpoch) {
    return new Reports(
        kind, split, layer, stepFirst, step, OptionalDouble.of(newEpoch), nc1, accuracy, samples);
  }

  Reports accuracy(double newAccuracy) {
    return new Reports(kind, split, layer, stepFirst, step, epoch, nc1, newAccuracy, samples);
  }

  Reports samples(double newSamples) {
    return new Reports(kind, split, layer, stepFirst, step, epoch, nc1, accuracy, newSamples);
  }

  /** The report; classes 3 and 8 are the closest pair, class 8 varies most. */
  WindowReport report() {
    MetricValues metrics = new MetricValues();
    metrics.set(MetricKey.SAMPLES, samples);
    metrics.set(MetricKey.NC1, nc1);
    metrics.set(MetricKey.ACCURACY, accuracy);
    metrics.set(MetricKey.NC2_ETF_WEIGHTS, 0.2);
    metrics.set(MetricKey.NC3_DUALITY, 0.3);
    return new WindowReport(
        WindowReport.VERSION,
        "run",
        0,
        split,
        layer,
        kind,
        kind == Kind.SNAPSHOT ? Optional.of("pass-" + step) : Optional.empty(),
        stepFirst,
        step,
        epoch,
        1000 * step,
        OptionalInt.of(CLASSES),
        64,
        1,
        step - stepFirst,
        OptionalLong.empty(),
        metrics,
        Optional.of("etf"),
        Optional.of(new ClassPair(3, 8, 0.4)),
        Optional.empty(),
        Optional.empty(),
        Map.of(3, 0.2, 8, 0.7),
        Optional.empty(),
        Map.of(),
        Map.of(),
        Optional.empty(),
        Map.of(),
        List.of());
  }
}
