package io.collapsewatch.protocol;

/**
 * The slope of ln NC1 against ln step over the last reports: −0.5 means that NC1 falls like
 * 1/√step. Dimensionless.
 *
 * @param value median of the slopes between all pairs of reports (Theil and Sen)
 * @param low lower end of its interval
 * @param high upper end of its interval
 * @param reports how many it was taken over
 */
public record Slope(double value, double low, double high, int reports) {

  /**
   * @throws IllegalArgumentException if the numbers are not finite and in order
   */
  public Slope {
    if (!(low <= value && value <= high && Double.isFinite(high - low))) {
      throw new IllegalArgumentException(
          "the slope %s lies between %s and %s; expected finite numbers in order"
              .formatted(value, low, high));
    }
  }
}
