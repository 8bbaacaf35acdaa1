package io.collapsewatch.protocol;

/**
 * Statistics of the margins of a set of samples, mergeable without the samples.
 *
 * @param count samples, ≥ 1
 * @param correct samples whose prediction is their label
 * @param mean mean margin, in units of the logits
 * @param variance population variance of the margins
 * @param min smallest margin
 * @param histogram where the margins lie
 */
public record MarginStatistics(
    long count, long correct, double mean, double variance, double min, MarginHistogram histogram) {

  /**
   * @throws MalformedCaptureException if a number is outside {@link Limits} or the counts
   *     contradict each other
   */
  public MarginStatistics {
    if (count < 1 || correct < 0 || correct > count) {
      throw new MalformedCaptureException(
          "margin statistics of %d samples, %d of them correct; expected 0 ≤ correct ≤ count and a count of at least 1"
              .formatted(count, correct));
    }
    Ranges.requireBounded("the mean margin", mean);
    Ranges.requireBounded("the smallest margin", min);
    Ranges.requireNotNegative("the variance of the margins", variance);
    if (histogram.samples() != count) {
      throw new MalformedCaptureException(
          "margin statistics of %d samples with a histogram of %d; expected as many"
              .formatted(count, histogram.samples()));
    }
  }

  /**
   * Statistics of the samples whose margins are given.
   *
   * @param margins [n], n ≥ 1, finite; not modified
   * @param correct how many of them were predicted correctly
   */
  public static MarginStatistics of(double[] margins, long correct) {
    double sum = 0;
    double min = Double.POSITIVE_INFINITY;
    for (double m : margins) {
      sum += m;
      min = Math.min(min, m);
    }
    double mean = sum / margins.length;
    double squares = 0;
    for (double m : margins) {
      squares += (m - mean) * (m - mean);
    }
    return new MarginStatistics(
        margins.length, correct, mean, squares / margins.length, min, MarginHistogram.of(margins));
  }

  /** Statistics of both sets together (Chan, Golub and LeVeque 1979, eq. 1.5). */
  public MarginStatistics plus(MarginStatistics other) {
    long n = count + other.count;
    double delta = other.mean - mean;
    double share = (double) other.count / n;
    double combined =
        variance + share * (other.variance - variance) + share * (1 - share) * delta * delta;
    return new MarginStatistics(
        n,
        correct + other.correct,
        mean + share * delta,
        Math.max(0, combined),
        Math.min(min, other.min),
        histogram.plus(other.histogram));
  }
}
