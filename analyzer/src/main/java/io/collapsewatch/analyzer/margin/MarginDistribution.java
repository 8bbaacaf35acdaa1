package io.collapsewatch.analyzer.margin;

import io.collapsewatch.protocol.MarginHistogram;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import java.util.Arrays;

/**
 * Where the margins m_i (see {@link io.collapsewatch.protocol.Margin}) of a set of samples lie, in
 * units of the logits, and the share of the samples that are classified correctly. At collapse the
 * margins narrow to one value. Cost: O(n log n). Source: Rangamani et al. 2021, figures 4 and 5.
 */
public final class MarginDistribution {

  private final double[] sorted;
  private final long correct;

  private MarginDistribution(double[] sorted, long correct) {
    this.sorted = sorted;
    this.correct = correct;
  }

  /**
   * The distribution of some margins.
   *
   * @param margins [n], n ≥ 1, finite; copied
   * @param correct how many of the samples are predicted as labelled, 0..n
   * @throws IllegalArgumentException if an argument is not as above
   */
  public static MarginDistribution of(double[] margins, long correct) {
    if (margins.length == 0 || correct < 0 || correct > margins.length) {
      throw new IllegalArgumentException(
          "%d margins and %d correct samples; expected at least one margin and 0..%d correct"
              .formatted(margins.length, correct, margins.length));
    }
    double[] sorted = margins.clone();
    Arrays.sort(sorted);
    // Sorting puts −∞ first and ∞ and NaN last.
    if (!Double.isFinite(sorted[0]) || !Double.isFinite(sorted[sorted.length - 1])) {
      throw new IllegalArgumentException(
          "margins from %s to %s; expected finite numbers only"
              .formatted(sorted[0], sorted[sorted.length - 1]));
    }
    return new MarginDistribution(sorted, correct);
  }

  /**
   * {@code margin_min}, {@code _mean}, {@code _std} (population), {@code _p01} to {@code _p99} and
   * {@code accuracy}; all of them are defined.
   */
  public MetricValues metrics() {
    MetricValues metrics = new MetricValues();
    double mean = mean();
    metrics.set(MetricKey.MARGIN_MIN, min());
    metrics.set(MetricKey.MARGIN_MEAN, mean);
    metrics.set(MetricKey.MARGIN_STD, standardDeviation(mean));
    metrics.set(MetricKey.MARGIN_P01, quantile(0.01));
    metrics.set(MetricKey.MARGIN_P05, quantile(0.05));
    metrics.set(MetricKey.MARGIN_P25, quantile(0.25));
    metrics.set(MetricKey.MARGIN_P50, quantile(0.50));
    metrics.set(MetricKey.MARGIN_P75, quantile(0.75));
    metrics.set(MetricKey.MARGIN_P95, quantile(0.95));
    metrics.set(MetricKey.MARGIN_P99, quantile(0.99));
    metrics.set(MetricKey.ACCURACY, (double) correct / sorted.length);
    return metrics;
  }

  /** The counts by bin. */
  public MarginHistogram histogram() {
    return MarginHistogram.of(sorted);
  }

  /** The smallest margin. */
  public double min() {
    return sorted[0];
  }

  private double mean() {
    double sum = 0;
    for (double margin : sorted) {
      sum += margin;
    }
    return sum / sorted.length;
  }

  private double standardDeviation(double mean) {
    double squares = 0;
    for (double margin : sorted) {
      squares += (margin - mean) * (margin - mean);
    }
    return Math.sqrt(squares / sorted.length);
  }

  /** Linear between the order statistics: the one at position p·(n−1), counted from 0. */
  private double quantile(double p) {
    double position = p * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
