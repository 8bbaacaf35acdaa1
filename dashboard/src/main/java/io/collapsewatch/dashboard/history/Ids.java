package io.collapsewatch.dashboard.history;

/** The id of a report holds that of its series and its place in it. */
final class Ids {

  private static final int PLACE_BITS = 32;

  private Ids() {}

  static long report(long series, long place) {
    return series << PLACE_BITS | place;
  }

  static long place(long report) {
    return report & (1L << PLACE_BITS) - 1;
  }

  static long first(long series) {
    return report(series, 0);
  }

  static long last(long series) {
    return report(series + 1, 0) - 1;
  }
}
