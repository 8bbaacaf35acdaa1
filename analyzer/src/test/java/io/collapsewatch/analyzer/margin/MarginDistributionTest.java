package io.collapsewatch.analyzer.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.protocol.MarginHistogram;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarginDistributionTest {

  private static final double[] FIVE = {4, -1, 2, 10, 0};

  /** By hand: sorted −1 0 2 4 10; position p·4 between neighbours. */
  @ParameterizedTest
  @CsvSource({
    "MARGIN_MIN, -1",
    "MARGIN_MEAN, 3",
    "MARGIN_P01, -0.96",
    "MARGIN_P05, -0.8",
    "MARGIN_P25, 0",
    "MARGIN_P50, 2",
    "MARGIN_P75, 4",
    "MARGIN_P95, 8.8",
    "MARGIN_P99, 9.76",
    "ACCURACY, 0.6",
  })
  void statisticsOfFive(MetricKey key, double expected) {
    MetricValues metrics = MarginDistribution.of(FIVE, 3).metrics();
    assertThat(metrics.get(key).orElseThrow()).isCloseTo(expected, within(1e-14));
  }

  /** By hand: squares 16 9 1 1 49 around the mean of 3, a mean of 15.2. */
  @Test
  void spreadIsThatOfThePopulation() {
    MetricValues metrics = MarginDistribution.of(FIVE, 3).metrics();
    assertThat(metrics.get(MetricKey.MARGIN_STD).orElseThrow())
        .isCloseTo(Math.sqrt(15.2), within(1e-14));
  }

  @Test
  void oneMarginIsEveryPercentile() {
    MetricValues metrics = MarginDistribution.of(new double[] {2.5}, 1).metrics();
    assertThat(metrics.get(MetricKey.MARGIN_P01)).hasValue(2.5);
    assertThat(metrics.get(MetricKey.MARGIN_P99)).hasValue(2.5);
    assertThat(metrics.get(MetricKey.MARGIN_STD)).hasValue(0);
    assertThat(metrics.toMap()).hasSize(11);
  }

  @Test
  void histogramCountsEveryMarginAndLeavesTheArrayAlone() {
    double[] margins = FIVE.clone();
    MarginDistribution distribution = MarginDistribution.of(margins, 5);
    assertThat(distribution.histogram()).isEqualTo(MarginHistogram.of(FIVE));
    assertThat(distribution.min()).isEqualTo(-1);
    assertThat(margins).containsExactly(FIVE);
  }

  @Test
  void refusesWhatIsNoDistribution() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MarginDistribution.of(new double[0], 0))
        .withMessage(
            "0 margins and 0 correct samples; expected at least one margin and 0..0 correct");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MarginDistribution.of(FIVE, 6))
        .withMessage(
            "5 margins and 6 correct samples; expected at least one margin and 0..5 correct");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MarginDistribution.of(new double[] {1, Double.NaN}, 0))
        .withMessage("margins from 1.0 to NaN; expected finite numbers only");
  }
}
