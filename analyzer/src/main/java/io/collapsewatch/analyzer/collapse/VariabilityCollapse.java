package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.RowSpace;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import java.util.Map;
import java.util.TreeMap;

/**
 * NC1: the features of a class draw together in its mean. Σ_W [d×d] is the pooled covariance within
 * classes, Σ_B = M Mᵀ/K the covariance between the K means of the classes present, v_k the variance
 * of class k. All are dimensionless, 0 at collapse, and not defined with fewer than two classes or
 * where all means are equal.
 */
final class VariabilityCollapse {

  private VariabilityCollapse() {}

  /**
   * {@code nc1} = (1/K) tr(Σ_W Σ_B⁺) = Σ_j u_jᵀ Σ_W u_j / σ_j² over the kept directions of {@link
   * BetweenClass} (Zhu et al. 2021; Papyan et al. 2020 without 1/K).
   *
   * <p>{@code nc1_trace_ratio} = tr Σ_W / tr Σ_B.
   *
   * <p>{@code nc1_cdnv} = mean over pairs k≠j of (v_k + v_j)/(2‖μ_k−μ_j‖²); not defined where two
   * means coincide (Galanti et al. 2021). Cost: K².
   *
   * @param means with distinct means
   */
  static MetricValues measure(ClassMeans means, RowSpace between, WithinClass within) {
    MetricValues metrics = new MetricValues();
    metrics.set(MetricKey.NC1, nc1(between, within));
    metrics.set(MetricKey.NC1_TRACE_RATIO, within.trace() / betweenTrace(means));
    if (!means.coinciding()) {
      metrics.set(MetricKey.NC1_CDNV, distanceNormalised(means, within));
    }
    return metrics;
  }

  /**
   * {@code class_variability}: v_k / tr Σ_B by class; shows which class holds a run back.
   *
   * @param means with distinct means
   */
  static Map<Integer, Double> byClass(ClassMeans means, WithinClass within) {
    Map<Integer, Double> byClass = new TreeMap<>();
    for (int k = 0; k < means.count(); k++) {
      double value = within.variance(k) / betweenTrace(means);
      if (Double.isFinite(value)) {
        byClass.put(means.classes()[k], value);
      }
    }
    return byClass;
  }

  private static double nc1(RowSpace between, WithinClass within) {
    double sum = 0;
    for (int j = 0; j < between.values().length; j++) {
      sum += within.along(j) / (between.values()[j] * between.values()[j]);
    }
    return sum;
  }

  private static double betweenTrace(ClassMeans means) {
    return means.squaredNorm() / means.count();
  }

  private static double distanceNormalised(ClassMeans means, WithinClass within) {
    double sum = 0;
    int count = means.count();
    for (int k = 1; k < count; k++) {
      for (int j = 0; j < k; j++) {
        sum += (within.variance(k) + within.variance(j)) / (2 * means.squaredDistance(k, j));
      }
    }
    return sum / pairs(count);
  }

  private static double pairs(int count) {
    return 0.5 * count * (count - 1);
  }
}
