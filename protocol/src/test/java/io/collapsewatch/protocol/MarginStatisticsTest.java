package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MarginStatisticsTest {

  /** By hand: mean 3, squares 4 + 0 + 4 over 3. */
  @Test
  void areMeanPopulationVarianceAndMinimum() {
    MarginStatistics statistics = MarginStatistics.of(new double[] {1, 3, 5}, 2);
    assertThat(statistics.count()).isEqualTo(3);
    assertThat(statistics.correct()).isEqualTo(2);
    assertThat(statistics.mean()).isEqualTo(3);
    assertThat(statistics.variance()).isCloseTo(8.0 / 3, within(1e-15));
    assertThat(statistics.min()).isEqualTo(1);
    assertThat(statistics.histogram()).isEqualTo(MarginHistogram.of(1, 3, 5));
  }

  @Test
  void oneSampleHasNoVariance() {
    MarginStatistics one = MarginStatistics.of(new double[] {-4.5}, 0);
    assertThat(one.mean()).isEqualTo(-4.5);
    assertThat(one.variance()).isZero();
  }

  /** Tolerance: a few roundings of the merged sums, relative to a mean of 1000. */
  @Test
  void mergedPartsEqualTheWholeInAnyOrder() {
    double[] margins = new Random(7).doubles(1000, 999, 1001).toArray();
    MarginStatistics whole = MarginStatistics.of(margins, 600);
    MarginStatistics first = MarginStatistics.of(Arrays.copyOfRange(margins, 0, 1), 0);
    MarginStatistics second = MarginStatistics.of(Arrays.copyOfRange(margins, 1, 300), 200);
    MarginStatistics third = MarginStatistics.of(Arrays.copyOfRange(margins, 300, 1000), 400);
    assertSame(first.plus(second).plus(third), whole);
    assertSame(third.plus(first.plus(second)), whole);
    assertSame(third.plus(second).plus(first), whole);
  }

  /** Naive sums of squares would leave nothing of a variance of 1e-12 at a mean of 1e6. */
  @Test
  void mergingKeepsASmallVarianceFarFromZero() {
    MarginStatistics a = MarginStatistics.of(new double[] {1e6, 1e6}, 2);
    MarginStatistics b = MarginStatistics.of(new double[] {1e6 + 0x1p-20, 1e6 + 0x1p-20}, 2);
    assertThat(a.plus(b).variance()).isEqualTo(0x1p-42);
  }

  @Test
  void countsThatContradictEachOtherAreRefused() {
    assertThatThrownBy(() -> MarginStatistics.of(new double[] {1}, 2))
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessage(
            "margin statistics of 1 samples, 2 of them correct; expected 0 ≤ correct ≤ count and a count of at least 1");
    assertThatThrownBy(() -> new MarginStatistics(2, 0, 1, 0, 1, MarginHistogram.of(1)))
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessage("margin statistics of 2 samples with a histogram of 1; expected as many");
  }

  @Test
  void numbersOutsideTheirRangeAreRefused() {
    MarginHistogram one = MarginHistogram.of(1);
    assertThatThrownBy(() -> new MarginStatistics(1, 0, Double.NaN, 0, 1, one))
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessage("the mean margin is NaN; expected a number within ±1.0E100");
    assertThatThrownBy(() -> new MarginStatistics(1, 0, 1, 0, -1e101, one))
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessage("the smallest margin is -1.0E101; expected a number within ±1.0E100");
    assertThatThrownBy(() -> new MarginStatistics(1, 0, 1, -1, 1, one))
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessage("the variance of the margins is -1.0; expected a finite number of at least 0");
  }

  @Test
  void theLargestMarginsMayBeMerged() {
    MarginStatistics low = MarginStatistics.of(new double[] {-Limits.MARGIN}, 0);
    MarginStatistics high = MarginStatistics.of(new double[] {Limits.MARGIN}, 1);
    assertThat(low.plus(high).variance()).isEqualTo(Limits.MARGIN * Limits.MARGIN);
  }

  private static void assertSame(MarginStatistics merged, MarginStatistics whole) {
    assertThat(merged.count()).isEqualTo(whole.count());
    assertThat(merged.correct()).isEqualTo(whole.correct());
    assertThat(merged.mean()).isCloseTo(whole.mean(), within(1e-11));
    assertThat(merged.variance()).isCloseTo(whole.variance(), within(1e-11));
    assertThat(merged.min()).isEqualTo(whole.min());
    assertThat(merged.histogram()).isEqualTo(whole.histogram());
  }
}
