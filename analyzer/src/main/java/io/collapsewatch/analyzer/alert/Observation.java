package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.WindowReport;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One report as the trend sees it. The windows of two observations of a run share no sample.
 *
 * @param stepFirst step of the oldest sample
 * @param step of the newest sample
 * @param epoch of that step, where the run says it
 * @param timestampMs when the capture that made the report due was appended, ms since 1970
 * @param metrics those of {@link #KEPT} that are defined, nc1 ≥ 0 always among them
 */
public record Observation(
    long stepFirst,
    long step,
    OptionalDouble epoch,
    long timestampMs,
    Map<MetricKey, Double> metrics) {

  /** What a reference model's curve is fitted to; the trend goes by the first. */
  static final List<MetricKey> KEPT =
      List.of(
          MetricKey.NC1,
          MetricKey.NC2_ETF_WEIGHTS,
          MetricKey.NC2_OF_WEIGHTS,
          MetricKey.NC3_DUALITY,
          MetricKey.NC3_DUALITY_UNCENTRED);

  /** Below this the logarithm of an NC1 is taken as that of this; it may be 0 exactly. */
  private static final double SMALLEST = 1e-300;

  /** What a report says; nothing where its NC1 is undefined. */
  static Optional<Observation> of(WindowReport report) {
    MetricValues metrics = report.metrics();
    OptionalDouble nc1 = metrics.get(MetricKey.NC1);
    if (nc1.isEmpty() || nc1.getAsDouble() < 0) {
      return Optional.empty();
    }
    Map<MetricKey, Double> kept = new EnumMap<>(MetricKey.class);
    KEPT.forEach(key -> metrics.get(key).ifPresent(value -> kept.put(key, value)));
    return Optional.of(
        new Observation(
            report.stepFirst(), report.stepLast(), report.epoch(), report.timestampMs(), kept));
  }

  public Observation {
    metrics = Collections.unmodifiableMap(new EnumMap<>(metrics));
  }

  double nc1() {
    return metrics.get(MetricKey.NC1);
  }

  /** ln step; that of step 1 for step 0. */
  double lnStep() {
    return Math.log((double) Math.max(step, 1));
  }

  double lnNc1() {
    return Math.log(Math.max(nc1(), SMALLEST));
  }
}
