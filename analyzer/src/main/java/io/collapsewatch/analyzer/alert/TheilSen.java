package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.Slope;
import java.util.Arrays;
import java.util.Optional;

/**
 * Slope of a line through points that is not moved by outliers.
 *
 * <p>The estimate is the median of the slopes (y_j − y_i)/(x_j − x_i) of all pairs with x_i &lt;
 * x_j; up to 29 % of the points may be anything. Its interval lies between the order statistics (N
 * − z σ)/2 and (N + z σ)/2 + 1 of the N slopes, rounded, where σ² is the variance of Kendall's S
 * ({@link MannKendall}). Unit: that of y over that of x. Undefined with fewer than two points, or
 * where all x are equal. Cost: n² log n. Source: Theil 1950; Sen 1968, "Estimates of the regression
 * coefficient based on Kendall's tau".
 */
final class TheilSen {

  private TheilSen() {}

  /**
   * The slope with its interval, if it is defined.
   *
   * @param x [n] in any order, finite
   * @param y [n] finite
   * @param z half width of the interval in standard deviations of S; 1.96 for 95 %
   */
  static Optional<Slope> slope(double[] x, double[] y, double z) {
    double[] slopes = sortedSlopes(x, y);
    int count = slopes.length;
    if (count == 0) {
      return Optional.empty();
    }
    double reach = z * Math.sqrt(MannKendall.variance(y));
    int low = (int) Math.rint((count - reach) / 2) - 1;
    int high = (int) Math.rint((count + reach) / 2);
    return Optional.of(
        new Slope(
            median(slopes), slopes[Math.max(low, 0)], slopes[Math.min(high, count - 1)], x.length));
  }

  private static double[] sortedSlopes(double[] x, double[] y) {
    double[] slopes = new double[x.length * (x.length - 1) / 2];
    int count = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = i + 1; j < x.length; j++) {
        if (x[i] != x[j]) {
          slopes[count++] = (y[j] - y[i]) / (x[j] - x[i]);
        }
      }
    }
    double[] sorted = Arrays.copyOf(slopes, count);
    Arrays.sort(sorted);
    return sorted;
  }

  /** The middle of sorted numbers, between the two middle ones if their count is even. */
  static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
