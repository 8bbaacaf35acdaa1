package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarginHistogramTest {

  private static final int LAST = MarginHistogram.LAST_BIN;

  @Test
  void everyBinBeginsAtItsLowerEdgeAndEndsBeforeTheNext() {
    for (int bin = -LAST; bin <= LAST; bin++) {
      double edge = MarginHistogram.lowerEdge(bin);
      assertThat(MarginHistogram.bin(edge)).isEqualTo(bin);
      assertThat(MarginHistogram.bin(Math.nextDown(edge))).isEqualTo(bin - 1);
    }
  }

  @Test
  void everyMarginLiesWithinItsBin() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      double margin = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 5);
      int bin = MarginHistogram.bin(margin);
      assertThat(margin)
          .isGreaterThanOrEqualTo(MarginHistogram.lowerEdge(bin))
          .isLessThan(MarginHistogram.lowerEdge(bin + 1));
    }
  }

  /** Oracle: the formula 0.1·sinh(0.02·i), by exponentials. */
  @ParameterizedTest
  @ValueSource(ints = {-1000, -37, -1, 0, 1, 2, 500, 1000})
  void edgesFollowTheFormula(int bin) {
    double x = 0.02 * bin;
    double expected = 0.1 * (Math.exp(x) - Math.exp(-x)) / 2;
    assertThat(MarginHistogram.lowerEdge(bin))
        .isCloseTo(expected, within(1e-13 * (1 + Math.abs(expected))));
  }

  @Test
  void binsMirrorAroundZero() {
    for (double margin : new double[] {0.001, 0.5, 3.3, 1e5}) {
      assertThat(MarginHistogram.bin(-margin)).isEqualTo(-1 - MarginHistogram.bin(margin));
    }
  }

  @Test
  void zeroHasOneBinWhateverItsSign() {
    assertThat(MarginHistogram.bin(0.0)).isZero();
    assertThat(MarginHistogram.bin(-0.0)).isZero();
    assertThat(MarginHistogram.bin(-Double.MIN_VALUE)).isEqualTo(-1);
  }

  @Test
  void marginsBeyondTheLastEdgeCountInTheOutermostBins() {
    assertThat(MarginHistogram.lowerEdge(LAST)).isCloseTo(2.4258e7, within(1e3));
    assertThat(MarginHistogram.bin(Double.MAX_VALUE)).isEqualTo(LAST);
    assertThat(MarginHistogram.bin(-Double.MAX_VALUE)).isEqualTo(-LAST - 1);
  }

  @Test
  void aSumIsTheHistogramOfAllSamples() {
    MarginHistogram left = MarginHistogram.of(-2, 0.5, 0.5);
    MarginHistogram right = MarginHistogram.of(0.5, 8);
    assertThat(left.plus(right)).isEqualTo(MarginHistogram.of(-2, 0.5, 0.5, 0.5, 8));
    assertThat(left.plus(right)).isEqualTo(right.plus(left));
    assertThat(left.plus(MarginHistogram.of())).isEqualTo(left);
    assertThat(left.plus(right).samples()).isEqualTo(5);
  }

  @Test
  void laterChangesOfTheGivenCountsDoNotReachIt() {
    TreeMap<Integer, Long> counts = new TreeMap<>(Map.of(3, 1L));
    MarginHistogram histogram = new MarginHistogram(counts);
    counts.put(4, 1L);
    assertThat(histogram.counts()).containsExactly(Map.entry(3, 1L));
  }

  @Test
  void binsOutOfRangeAndCountsBelowOneAreRefused() {
    assertRefused(
        Map.of(1001, 1L),
        "bin 1001 of a margin histogram holds 1 samples; expected bins -1001..1000 with positive counts");
    assertRefused(
        Map.of(-1002, 1L),
        "bin -1002 of a margin histogram holds 1 samples; expected bins -1001..1000 with positive counts");
    assertRefused(
        Map.of(0, 0L),
        "bin 0 of a margin histogram holds 0 samples; expected bins -1001..1000 with positive counts");
  }

  @Test
  void countsWhoseSumOverflowsAreRefused() {
    assertRefused(
        Map.of(0, Long.MAX_VALUE, 1, 1L),
        "the 2 bins of a margin histogram hold more than 9223372036854775807 samples together; expected fewer");
  }

  private static void assertRefused(Map<Integer, Long> counts, String sentence) {
    assertThatThrownBy(() -> new MarginHistogram(new TreeMap<>(counts)))
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessage(sentence);
  }
}
