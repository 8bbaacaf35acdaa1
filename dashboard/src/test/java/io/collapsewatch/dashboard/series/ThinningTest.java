package io.collapsewatch.dashboard.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThinningTest {

  @Test
  void aSeriesOfFewerThanWantedIsKeptAsItIs() {
    assertThat(thinned(200, walk(3, 200, 1)).rows()).hasSize(200);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noExtremeOfAnyKeyIsLost(long seed) {
    SeriesRow[] all = walk(seed, 5_000 + (int) seed * 977, 3);
    List<SeriesRow> chosen = thinned(400, all).rows();
    // Whatever stretch of the size of two buckets a reader looks at shows its own extremes.
    int stretch = 2 * all.length / 100;
    for (int key = 0; key < 3; key++) {
      int k = key;
      ToDoubleFunction<SeriesRow> value = row -> row.values()[k];
      for (int from = 0; from + stretch <= all.length; from += stretch) {
        int begin = from;
        double highest =
            Arrays.stream(all, begin, begin + stretch).mapToDouble(value).max().orElseThrow();
        double shown =
            chosen.stream()
                .filter(row -> row.place() > begin - stretch)
                .filter(row -> row.place() < begin + 2 * stretch)
                .mapToDouble(value)
                .max()
                .orElseThrow();
        assertThat(shown).isGreaterThanOrEqualTo(highest);
      }
      assertThat(chosen.stream().mapToDouble(value).min())
          .isEqualTo(Arrays.stream(all).mapToDouble(value).min());
      assertThat(chosen.stream().mapToDouble(value).max())
          .isEqualTo(Arrays.stream(all).mapToDouble(value).max());
    }
  }

  @Test
  void thereAreAsManyRowsAsWantedAtMost() {
    for (int n : new int[] {1, 2, 999, 1000, 1001, 2000, 54_321}) {
      List<SeriesRow> rows = thinned(1000, walk(1, n, 1)).rows();
      // The ends may come on top.
      assertThat(rows).hasSizeBetween(Math.min(n, 500), 1002);
    }
  }

  @Test
  void rowsStayInTheirOrderWithBothEnds() {
    SeriesRow[] all = walk(9, 10_000, 2);
    List<SeriesRow> rows = thinned(10, all).rows();
    assertThat(rows).isSortedAccordingTo((a, b) -> Long.compare(a.place(), b.place()));
    assertThat(rows).doesNotHaveDuplicates().startsWith(all[0]).endsWith(all[9_999]);
  }

  @Test
  void aGapStaysAGap() {
    SeriesRow[] all = walk(4, 10_000, 1);
    all[5_000] = new SeriesRow(5_000, 5_000, 0, 0, new double[] {Double.NaN});
    assertThat(thinned(10, all).rows()).contains(all[5_000]);
  }

  @Test
  void aSinglePeakAmongThousandsIsSeen() {
    SeriesRow[] all = walk(4, 100_000, 1);
    all[77_777] = new SeriesRow(77_777, 77_777, 0, 0, new double[] {1e9});
    Thinning thinning = thinned(10, all);
    assertThat(thinning.rows()).contains(all[77_777]);
    assertThat(thinning.total()).isEqualTo(100_000);
  }

  @Test
  void nothingThinnedIsNothing() {
    assertThat(new Thinning(1).rows()).isEmpty();
  }

  private static Thinning thinned(int points, SeriesRow... rows) {
    Thinning thinning = new Thinning(points);
    for (SeriesRow row : rows) {
      thinning.add(row);
    }
    return thinning;
  }

  /** A random walk for each key. */
  private static SeriesRow[] walk(long seed, int n, int keys) {
    Random random = new Random(seed);
    SeriesRow[] rows = new SeriesRow[n];
    double[] now = new double[keys];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < keys; k++) {
        now[k] += random.nextGaussian();
      }
      rows[i] = new SeriesRow(i, i, i, i, now.clone());
    }
    return rows;
  }
}
