package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.Slope;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How ln NC1 moves against ln step over the last reports.
 *
 * @param slope over the reports that the settings ask for
 * @param kendall z of {@link MannKendall} over the same
 * @param lately slope over the newer half of them
 * @param drop NC1 of the reports before the newest {@value Track#LEVEL} of them over that of those,
 *     medians: 1 where nothing changes, 2 after NC1 was halved
 */
record Trend(Slope slope, double kendall, double lately, double drop) {

  /** A step down by this factor is no noise: the median of 5 reports with 5 % scatters by 3 %. */
  private static final double STEP = 1.25;

  /** The most reports that a slope is taken over, for its cost grows with their square. */
  private static final int MOST = 64;

  /** How many steps from report to report the scatter is taken from. */
  private static final int SCATTER_OVER = 40;

  private static final double NORMAL_MAD = 1.4826;

  /** The trend, once the reports reach back far enough. */
  static Optional<Trend> of(Track track, JudgeSettings settings) {
    List<Observation> all = track.observations();
    double span = settings.span() * Math.max(1, scatter(all) / settings.scatter());
    int from = all.size() - settings.reports();
    while (from > 0 && track.newest().lnStep() - all.get(from).lnStep() < span) {
      from--;
    }
    if (from < 0 || track.newest().lnStep() - all.get(from).lnStep() < span) {
      return Optional.empty();
    }
    return over(spread(all.subList(from, all.size())), settings.confidence());
  }

  private static Optional<Trend> over(List<Observation> last, double confidence) {
    double[] x = last.stream().mapToDouble(Observation::lnStep).toArray();
    double[] y = last.stream().mapToDouble(Observation::lnNc1).toArray();
    int half = x.length / 2;
    double[] newerX = Arrays.copyOfRange(x, half, x.length);
    double[] newerY = Arrays.copyOfRange(y, half, y.length);
    return TheilSen.slope(x, y, confidence)
        .flatMap(
            slope ->
                TheilSen.slope(newerX, newerY, confidence)
                    .map(newer -> new Trend(slope, MannKendall.z(y), newer.value(), drop(y))));
  }

  private static double drop(double[] y) {
    int level = Math.max(1, y.length - Track.LEVEL);
    return Math.exp(median(y, 0, level) - median(y, level, y.length));
  }

  private static double median(double[] y, int from, int to) {
    double[] sorted = Arrays.copyOfRange(y, from, to);
    Arrays.sort(sorted);
    return TheilSen.median(sorted);
  }

  /**
   * Standard deviation of ln NC1 around its course, robustly: from the median distance of its steps
   * between reports to their median. A jump is one step of many, so it moves this hardly.
   */
  private static double scatter(List<Observation> all) {
    int from = Math.max(1, all.size() - SCATTER_OVER);
    if (all.size() - from < 2) {
      return 0;
    }
    double[] steps = new double[all.size() - from];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = all.get(from + i).lnNc1() - all.get(from + i - 1).lnNc1();
    }
    Arrays.sort(steps);
    double middle = TheilSen.median(steps);
    double[] distances = Arrays.stream(steps).map(step -> Math.abs(step - middle)).toArray();
    Arrays.sort(distances);
    return NORMAL_MAD * TheilSen.median(distances) / Math.sqrt(2);
  }

  /** At most {@value #MOST} of them, evenly, with the first and the last. */
  private static List<Observation> spread(List<Observation> last) {
    int size = last.size();
    if (size <= MOST) {
      return last;
    }
    return IntStream.range(0, MOST)
        .mapToObj(i -> last.get((int) ((long) i * (size - 1) / (MOST - 1))))
        .toList();
  }

  /** No fall is seen, or only a slight one that could be none; a slight rise counts as well. */
  boolean flat(double slack) {
    return slope.high() >= 0 && slope.value() > -slack && drop < STEP;
  }

  /** A fall is seen that is more than slight, or a step down, as a learning-rate cut makes it. */
  boolean falling(double slack) {
    return (slope.high() < 0 && slope.value() <= -slack) || drop >= STEP;
  }

  /** A rise is seen by both tests, and it lasts: a jump alone is followed by no further rise. */
  boolean rising(double confidence) {
    return slope.low() > 0 && kendall >= confidence && lately > 0;
  }
}
