package io.collapsewatch.launcher.report;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.WindowReport.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reports for tests, with nothing in them but what a test names. */
public final class Reports {

  private Reports() {}

  public static WindowReport snapshot(String run, int epoch, Map<MetricKey, Double> metrics) {
    return of(run, "train", "penultimate", Kind.SNAPSHOT, epoch, 0, metrics);
  }

  public static WindowReport rolling(String run, int epoch, Map<MetricKey, Double> metrics) {
    return of(run, "train", "penultimate", Kind.ROLLING, epoch, 0, metrics);
  }

  public static WindowReport of(
      String run,
      String split,
      String layer,
      Kind kind,
      int epoch,
      long timestampMs,
      Map<MetricKey, Double> metrics) {
    MetricValues values = new MetricValues();
    metrics.forEach(values::set);
    return new WindowReport(
        WindowReport.VERSION,
        run,
        0,
        split,
        layer,
        kind,
        kind == Kind.SNAPSHOT ? Optional.of("epoch-" + epoch) : Optional.empty(),
        28L * epoch,
        28L * epoch,
        OptionalDouble.of(epoch),
        timestampMs,
        OptionalInt.of(10),
        64,
        1,
        0,
        OptionalLong.of(28L * epoch),
        values,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Map.of(),
        Map.of(),
        Optional.empty(),
        Map.of(),
        List.of());
  }
}
