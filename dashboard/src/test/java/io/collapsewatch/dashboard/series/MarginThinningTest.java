package io.collapsewatch.dashboard.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.protocol.MarginHistogram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MarginThinningTest {

  @Test
  void theMarginsOfNeighboursAreAddedUp() {
    MarginThinning thinning = new MarginThinning(2, 0.5);
    thinning.add(row(10, Double.NaN, 1.0, 2.0));
    thinning.add(row(20, Double.NaN, 1.0));
    thinning.add(row(30, Double.NaN, 5.0));
    List<MarginColumn> columns = thinning.columns();

    assertThat(columns).extracting(MarginColumn::step).containsExactly(20L, 30L);
    assertThat(columns.get(0).bins().bins())
        .containsExactly(MarginHistogram.bin(1), MarginHistogram.bin(2));
    assertThat(columns.get(0).bins().counts()).containsExactly(2, 1);
    assertThat(columns.get(1).bins().counts()).containsExactly(1);
  }

  @Test
  void oneReportKeepsItsOwnPercentiles() {
    MarginThinning thinning = new MarginThinning(10, 0.5);
    thinning.add(row(10, 1.2345, 1, 2, 3));
    assertThat(thinning.columns().get(0).quantiles()).containsExactly(1.2345);
  }

  /** Oracle: the sorted margins themselves. */
  @Test
  void thePercentilesOfSeveralAreReadOffTheBins() {
    Random random = new Random(11);
    List<Double> all = new ArrayList<>();
    MarginThinning thinning = new MarginThinning(2, 0.01, 0.5, 0.99);
    for (int i = 0; i < 64; i++) {
      double[] margins = random.doubles(500, -3, 20).toArray();
      Arrays.stream(margins).forEach(all::add);
      thinning.add(new MarginRow(new SeriesRow(i, i, 0, 0, new double[] {0, 0, 0}), bins(margins)));
    }
    all.sort(null);
    double[] first = thinning.columns().get(0).quantiles();
    double[] second = thinning.columns().get(1).quantiles();
    double[] shares = {0.01, 0.5, 0.99};
    for (int q = 0; q < 3; q++) {
      double exact = all.get((int) (shares[q] * all.size()));
      // A bin is 2 % wide; half of the samples each differ by chance.
      assertThat((first[q] + second[q]) / 2).isCloseTo(exact, within(0.02 * Math.abs(exact) + 0.1));
    }
  }

  @Test
  void marginsBeyondTheLastBinStayFinite() {
    MarginThinning thinning = new MarginThinning(2, 0.01, 0.99);
    thinning.add(row(1, new double[] {Double.NaN, Double.NaN}, -1e9, 1e9));
    double last = MarginHistogram.lowerEdge(MarginHistogram.LAST_BIN);
    assertThat(thinning.columns().get(0).quantiles()).containsExactly(-last, last);
  }

  private static MarginRow row(long step, double median, double... margins) {
    return row(step, new double[] {median}, margins);
  }

  private static MarginRow row(long step, double[] percentiles, double... margins) {
    return new MarginRow(new SeriesRow(step, step, 0, 0, percentiles), bins(margins));
  }

  private static Bins bins(double... margins) {
    MarginHistogram histogram = MarginHistogram.of(margins);
    return new Bins(
        histogram.counts().keySet().stream().mapToInt(Integer::intValue).toArray(),
        histogram.counts().values().stream().mapToLong(Long::longValue).toArray());
  }
}
