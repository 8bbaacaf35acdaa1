package io.collapsewatch.dashboard.series;

import io.collapsewatch.protocol.MarginHistogram;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The margins of neighbouring reports together. */
final class MarginSum {

  private static final int FIRST_BIN = -MarginHistogram.LAST_BIN - 1;
  private static final int BINS = 2 * MarginHistogram.LAST_BIN + 2;

  private final SeriesRow first;
  private SeriesRow last;

  /** Of the first report, until there is a second one. */
  private Bins single;

  /** By bin from the lowest on, once there is a second report. */
  private long[] sums;

  MarginSum(MarginRow row) {
    first = row.row();
    last = row.row();
    single = row.bins();
  }

  MarginSum plus(MarginSum next) {
    if (sums == null) {
      sums = new long[BINS];
      add(single);
      single = null;
    }
    last = next.last;
    if (next.single != null) {
      add(next.single);
    } else {
      for (int i = 0; i < BINS; i++) {
        sums[i] += next.sums[i];
      }
    }
    return this;
  }

  private void add(Bins bins) {
    for (int i = 0; i < bins.bins().length; i++) {
      sums[bins.bins()[i] - FIRST_BIN] += bins.counts()[i];
    }
  }

  MarginColumn column(double[] shares) {
    if (single != null) {
      return new MarginColumn(last.step(), last.timestampMs(), single, exact(shares));
    }
    Bins bins = bins();
    return new MarginColumn(last.step(), last.timestampMs(), bins, quantiles(bins, shares));
  }

  /** The report's own percentiles where it has them. */
  private double[] exact(double[] shares) {
    double[] quantiles = quantiles(single, shares);
    for (int i = 0; i < shares.length; i++) {
      if (!Double.isNaN(first.values()[i])) {
        quantiles[i] = first.values()[i];
      }
    }
    return quantiles;
  }

  private Bins bins() {
    int[] held = IntStream.range(0, BINS).filter(i -> sums[i] > 0).toArray();
    return new Bins(
        Arrays.stream(held).map(i -> i + FIRST_BIN).toArray(),
        Arrays.stream(held).mapToLong(i -> sums[i]).toArray());
  }

  private static double[] quantiles(Bins bins, double[] shares) {
    return Arrays.stream(shares).map(share -> quantile(bins, share)).toArray();
  }

  /** The margin below which that share lies, if the samples of a bin lie evenly in it. */
  private static double quantile(Bins bins, double share) {
    double below = share * Arrays.stream(bins.counts()).sum();
    for (int i = 0; i < bins.bins().length; i++) {
      long count = bins.counts()[i];
      if (below <= count) {
        return within(bins.bins()[i], below / count);
      }
      below -= count;
    }
    return Double.NaN;
  }

  private static double within(int bin, double share) {
    // The outermost bins have no other edge.
    double from = MarginHistogram.lowerEdge(Math.max(bin, -MarginHistogram.LAST_BIN));
    double to = MarginHistogram.lowerEdge(Math.min(bin + 1, MarginHistogram.LAST_BIN));
    return from + share * (to - from);
  }
}
