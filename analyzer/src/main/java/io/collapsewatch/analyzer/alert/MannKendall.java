package io.collapsewatch.analyzer.alert;

import java.util.Arrays;

/**
 * Test of a series for a monotonic trend.
 *
 * <p>S = Σ_{i&lt;j} sign(y_j − y_i); without a trend its variance is (n(n−1)(2n+5) − Σ
 * t(t−1)(2t+5)) / 18, the sum over groups of t equal values, and z = (S ∓ 1)/σ is nearly standard
 * normal. Dimensionless; z is 0 where all values are equal. Source: Mann 1945, "Nonparametric tests
 * against trend"; Kendall 1975, "Rank correlation methods" (ties).
 */
final class MannKendall {

  private MannKendall() {}

  /**
   * z, with the correction for continuity: 1.96 or more is a rise at 95 %.
   *
   * @param y [n] in the order of time, finite
   */
  static double z(double[] y) {
    long s = s(y);
    return s == 0 ? 0 : (s - Long.signum(s)) / Math.sqrt(variance(y));
  }

  /** S: pairs that rise less pairs that fall. */
  static long s(double[] y) {
    long s = 0;
    for (int i = 0; i < y.length; i++) {
      for (int j = i + 1; j < y.length; j++) {
        s += Double.compare(y[j], y[i]);
      }
    }
    return s;
  }

  /** Variance of S where there is no trend; the order does not matter. */
  static double variance(double[] y) {
    double[] sorted = y.clone();
    Arrays.sort(sorted);
    double sum = weight(sorted.length);
    for (int from = 0, to; from < sorted.length; from = to) {
      to = from + 1;
      while (to < sorted.length && sorted[to] == sorted[from]) {
        to++;
      }
      sum -= weight(to - from);
    }
    return sum / 18;
  }

  private static double weight(double count) {
    return count * (count - 1) * (2 * count + 5);
  }
}
