package io.collapsewatch.dashboard.series;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Chooses rows so that a chart of them looks as one of all: of each stretch of neighbours, for each
 * key, those with the lowest and the highest value and one where it is undefined; and the first and
 * the last of all. Takes rows one by one and holds no more of them than it may choose.
 */
public final class Thinning {

  private final Buckets<Extremes> buckets;
  private SeriesRow first;
  private SeriesRow last;
  private long total;

  /**
   * @param points rows wanted for each key, ≥ 1; a series of fewer is kept as it is
   */
  public Thinning(int points) {
    buckets = new Buckets<>(Math.max(2, points / 4 * 2), Extremes::plus);
  }

  /** Adds the next row of the series. */
  public void add(SeriesRow row) {
    first = first == null ? row : first;
    last = row;
    total++;
    buckets.add(new Extremes(row));
  }

  /** Rows added. */
  public long total() {
    return total;
  }

  /** The rows chosen, in their order. */
  public List<SeriesRow> rows() {
    TreeMap<Long, SeriesRow> chosen = new TreeMap<>();
    buckets.toList().forEach(bucket -> bucket.addTo(chosen));
    for (SeriesRow end : total == 0 ? List.<SeriesRow>of() : List.of(first, last)) {
      chosen.put(end.place(), end);
    }
    return List.copyOf(chosen.values());
  }

  /** Of some neighbours, for each key, the rows to keep; null where there is none. */
  private static final class Extremes {
    private final SeriesRow[] lowest;
    private final SeriesRow[] highest;
    private final SeriesRow[] undefined;

    Extremes(SeriesRow row) {
      int keys = row.values().length;
      lowest = new SeriesRow[keys];
      highest = new SeriesRow[keys];
      undefined = new SeriesRow[keys];
      for (int k = 0; k < keys; k++) {
        if (Double.isNaN(row.values()[k])) {
          undefined[k] = row;
        } else {
          lowest[k] = row;
          highest[k] = row;
        }
      }
    }

    Extremes plus(Extremes next) {
      for (int k = 0; k < lowest.length; k++) {
        lowest[k] = better(lowest[k], next.lowest[k], k, -1);
        highest[k] = better(highest[k], next.highest[k], k, 1);
        undefined[k] = undefined[k] == null ? next.undefined[k] : undefined[k];
      }
      return this;
    }

    /** The one whose value times {@code sign} is larger; of equal ones the first. */
    private static SeriesRow better(SeriesRow one, SeriesRow other, int key, int sign) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return sign * other.values()[key] > sign * one.values()[key] ? other : one;
    }

    private void addTo(Map<Long, SeriesRow> chosen) {
      for (SeriesRow[] rows : List.of(lowest, highest, undefined)) {
        for (SeriesRow row : rows) {
          if (row != null) {
            chosen.put(row.place(), row);
          }
        }
      }
    }
  }
}
