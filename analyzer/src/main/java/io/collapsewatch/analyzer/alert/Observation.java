package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.WindowReport;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One report as the trend sees it. The windows of two observations of a run share no sample.
 *
 * @param stepFirst step of the oldest sample
 * @param step of the newest sample
 * @param epoch of that step, where the run says it
 * @param timestampMs when the capture that made the report due was appended, ms since 1970
 * @param nc1 ≥ 0
 * @param frameDistance {@code nc2_etf_weights} or {@code nc2_of_weights}, whichever frame the
 *     classifier is nearer to; absent where undefined
 * @param duality {@code nc3_duality}, of an orthogonal frame {@code nc3_duality_uncentred}
 */
public record Observation(
    long stepFirst,
    long step,
    OptionalDouble epoch,
    long timestampMs,
    double nc1,
    OptionalDouble frameDistance,
    OptionalDouble duality) {

  /** Below this the logarithm of an NC1 is taken as that of this; it may be 0 exactly. */
  private static final double SMALLEST = 1e-300;

  /** What a report says; nothing where its NC1 is undefined. */
  static Optional<Observation> of(WindowReport report) {
    MetricValues metrics = report.metrics();
    OptionalDouble nc1 = metrics.get(MetricKey.NC1);
    if (nc1.isEmpty() || nc1.getAsDouble() < 0) {
      return Optional.empty();
    }
    boolean orthogonal = report.frame().filter("of"::equals).isPresent();
    return Optional.of(
        new Observation(
            report.stepFirst(),
            report.stepLast(),
            report.epoch(),
            report.timestampMs(),
            nc1.getAsDouble(),
            metrics.get(orthogonal ? MetricKey.NC2_OF_WEIGHTS : MetricKey.NC2_ETF_WEIGHTS),
            metrics.get(orthogonal ? MetricKey.NC3_DUALITY_UNCENTRED : MetricKey.NC3_DUALITY)));
  }

  /** ln step; that of step 1 for step 0. */
  double lnStep() {
    return Math.log((double) Math.max(step, 1));
  }

  double lnNc1() {
    return Math.log(Math.max(nc1, SMALLEST));
  }
}
