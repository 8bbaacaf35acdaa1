package io.collapsewatch.analyzer.compare;

import io.collapsewatch.analyzer.reference.FlowPath;
import io.collapsewatch.analyzer.reference.FlowPath.Point;
import io.collapsewatch.protocol.MetricKey;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** The metrics of a model over ln t, linear in their logarithms between the simulated points. */
final class ModelCurve {

  private final double[] lnTimes;
  private final Map<MetricKey, double[]> logs;
  private final OptionalDouble lnTerminal;

  private ModelCurve(double[] lnTimes, Map<MetricKey, double[]> logs, OptionalDouble lnTerminal) {
    this.lnTimes = lnTimes;
    this.logs = logs;
    this.lnTerminal = lnTerminal;
  }

  /** The curve of those of {@code metrics} that are defined and above 0 at two points and all. */
  static ModelCurve of(List<MetricKey> metrics, FlowPath path) {
    Map<MetricKey, double[]> logs = new EnumMap<>(MetricKey.class);
    for (MetricKey metric : metrics) {
      double[] values =
          path.points().stream()
              .mapToDouble(point -> Math.log10(point.metrics().get(metric).orElse(0)))
              .toArray();
      if (values.length > 1 && Arrays.stream(values).allMatch(Double::isFinite)) {
        logs.put(metric, values);
      }
    }
    return new ModelCurve(
        path.points().stream().mapToDouble(Point::lnTime).toArray(),
        logs,
        path.points().stream()
            .filter(point -> point.metrics().get(MetricKey.ACCURACY).orElse(0) == 1)
            .mapToDouble(Point::lnTime)
            .findFirst());
  }

  Set<MetricKey> metrics() {
    return logs.keySet();
  }

  /** ln t of the first point that is simulated. */
  double lnFirst() {
    return lnTimes[0];
  }

  /** ln t of the last point that is simulated. */
  double lnLast() {
    return lnTimes[lnTimes.length - 1];
  }

  /** ln t of the first point at which every sample is classified correctly, if there is one. */
  OptionalDouble lnTerminal() {
    return lnTerminal;
  }

  /** Whether the model has been followed to that time. */
  boolean reaches(double lnTime) {
    return lnTime <= lnLast();
  }

  /** log10 of a metric; that of the nearest end outside of the simulated times. */
  double log10(MetricKey metric, double lnTime) {
    double[] values = logs.get(metric);
    double place = (lnTime - lnFirst()) / (lnLast() - lnFirst()) * (lnTimes.length - 1);
    int before = (int) Math.max(0, Math.min(place, lnTimes.length - 2));
    double share = Math.max(0, Math.min(1, place - before));
    return values[before] + share * (values[before + 1] - values[before]);
  }
}
