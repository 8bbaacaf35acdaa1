package io.collapsewatch.analyzer.compare;

import io.collapsewatch.protocol.MetricKey;
import java.util.Map;

/**
 * One report of a run, as a curve is fitted to it.
 *
 * @param step ≥ 0
 * @param metrics those that are undefined are absent
 */
public record FitPoint(long step, Map<MetricKey, Double> metrics) {

  public FitPoint {
    metrics = Map.copyOf(metrics);
  }

  /** Whether a logarithm can be taken of {@code metric}. */
  boolean has(MetricKey metric) {
    return metrics.getOrDefault(metric, 0.0) > 0;
  }
}
