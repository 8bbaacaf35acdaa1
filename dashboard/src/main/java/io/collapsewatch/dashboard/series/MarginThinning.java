package io.collapsewatch.dashboard.series;

import java.util.List;

/**
 * Adds up the margins of neighbouring reports until there are few enough. The percentiles of one
 * report are its own where it has them; those of several, or of margins that come without, are read
 * off the bins, so within 2 % or 0.002.
 */
public final class MarginThinning {

  private final double[] shares;
  private final Buckets<MarginSum> buckets;

  /**
   * @param points the most columns wanted; two at least
   * @param shares [q] the percentiles, as 0..1; not modified
   */
  public MarginThinning(int points, double... shares) {
    this.shares = shares.clone();
    this.buckets = new Buckets<>(Math.max(2, points / 2 * 2), MarginSum::plus);
  }

  /**
   * Adds the next report.
   *
   * @param row with a value for each of the percentiles
   */
  public void add(MarginRow row) {
    buckets.add(new MarginSum(row));
  }

  /** The columns in their order. */
  public List<MarginColumn> columns() {
    return buckets.toList().stream().map(sum -> sum.column(shares)).toList();
  }
}
