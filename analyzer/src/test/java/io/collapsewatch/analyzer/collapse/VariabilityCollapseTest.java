package io.collapsewatch.analyzer.collapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.protocol.MetricKey;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VariabilityCollapseTest {

  // Rounding of a few hundred additions, with room.
  private static final Percentage EXACT = Percentage.withPercentage(1e-9);

  /** Oracle: {@link Textbook}. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void agreesWithTheTextbook(long seed) {
    Cloud cloud = Cloud.random(7, 4, seed);
    Textbook textbook = new Textbook(cloud);
    CollapseResult result = cloud.measure();
    assertThat(value(result, MetricKey.NC1)).isCloseTo(textbook.nc1(), EXACT);
    assertThat(value(result, MetricKey.NC1_TRACE_RATIO)).isCloseTo(textbook.traceRatio(), EXACT);
    assertThat(value(result, MetricKey.NC1_CDNV)).isCloseTo(textbook.cdnv(), EXACT);
    assertThat(result.classVariability()).hasSize(7);
    result
        .classVariability()
        .forEach((k, v) -> assertThat(v).isCloseTo(textbook.classVariability(k), EXACT));
  }

  /** By hand: means 1 and 12, variances 1 and 4, Σ_W = 2.5, Σ_B = 5.5². */
  @Test
  void twoClassesOnALine() {
    CollapseResult result = Cloud.onALine(new double[] {0, 2}, new double[] {10, 14}).measure();
    assertThat(value(result, MetricKey.NC1)).isCloseTo(2.5 / 30.25 / 2, EXACT);
    assertThat(value(result, MetricKey.NC1_TRACE_RATIO)).isCloseTo(2.5 / 30.25, EXACT);
    assertThat(value(result, MetricKey.NC1_CDNV)).isCloseTo(5.0 / (2 * 121), EXACT);
    assertThat(value(result, MetricKey.BETWEEN_RANK)).isEqualTo(1);
    assertThat(result.classVariability().get(0)).isCloseTo(1 / 30.25, EXACT);
    assertThat(result.classVariability().get(1)).isCloseTo(4 / 30.25, EXACT);
  }

  /**
   * Whole multiples of a power of 2 far from 0: the features are exact, so whatever is lost is lost
   * by the arithmetic. Oracle: the same in whole numbers.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1e3, 1e6})
  void offsetCostsNoDigits(double offset) {
    long[] steps = new Random(1).longs(1000, -20, 21).toArray();
    double[] first = LongStream.of(steps).mapToDouble(n -> offset + n * 0x1p-30).toArray();
    double[] second = Arrays.stream(first).map(x -> x + 1).toArray();
    long sum = LongStream.of(steps).sum();
    long squares = LongStream.of(steps).map(n -> n * n).sum();
    double variance = (squares - sum * sum / 1000.0) / 1000 * 0x1p-60;
    // Σ_W = variance, Σ_B = 1/4.
    assertThat(value(Cloud.onALine(first, second).measure(), MetricKey.NC1))
        .isCloseTo(variance / 0.25 / 2, EXACT);
  }

  @Test
  void classesWithoutSpreadAreCollapsed() {
    CollapseResult result = Cloud.onALine(new double[] {3, 3}, new double[] {5, 5}).measure();
    assertThat(value(result, MetricKey.NC1)).isCloseTo(0, within(0.0));
    assertThat(value(result, MetricKey.NC1_CDNV)).isCloseTo(0, within(0.0));
  }

  private static double value(CollapseResult result, MetricKey key) {
    return result.metrics().get(key).orElseThrow();
  }
}
