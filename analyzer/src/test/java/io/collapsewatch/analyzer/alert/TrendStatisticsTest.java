package io.collapsewatch.analyzer.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.protocol.Slope;
import org.junit.jupiter.api.Test;

class TrendStatisticsTest {

  private static final double ROUNDING = 1e-12;

  /** With a tie (8.7) and an outlier (15). */
  private static final double[] TIME = {1, 2, 3, 4, 6, 7, 10, 12, 13, 15};

  private static final double[] VALUES = {10.2, 9.1, 9.6, 8.7, 7.9, 8.7, 6.9, 7.1, 15.0, 5.9};

  @Test
  void slopeAndIntervalAreThoseOfScipy() {
    Slope slope = TheilSen.slope(TIME, VALUES, 1.959963984540054).orElseThrow();

    // scipy 1.10.1, stats.theilslopes(VALUES, TIME, 0.95)
    assertThat(slope.value()).isCloseTo(-0.25, within(ROUNDING));
    assertThat(slope.low()).isCloseTo(-0.35, within(ROUNDING));
    assertThat(slope.high()).isZero();
    assertThat(slope.reports()).isEqualTo(10);
  }

  @Test
  void outliersUpToAQuarterDoNotMoveTheSlope() {
    double[] x = {1, 2, 3, 4, 5, 6, 7, 8};
    double[] y = {2, 4, 1000, 8, 10, 12, -1000, 16};

    // by hand: 15 of the 28 pairs are of the 6 points on the line 2x, and the 13 others lie on
    // both sides of it
    assertThat(TheilSen.slope(x, y, 1.96).orElseThrow().value()).isEqualTo(2);
  }

  @Test
  void thereIsNoSlopeWithoutTwoTimes() {
    assertThat(TheilSen.slope(new double[] {}, new double[] {}, 2)).isEmpty();
    assertThat(TheilSen.slope(new double[] {3}, new double[] {1}, 2)).isEmpty();
    assertThat(TheilSen.slope(new double[] {3, 3}, new double[] {1, 2}, 2)).isEmpty();
  }

  @Test
  void ofTwoPointsTheIntervalIsTheSlope() {
    assertThat(TheilSen.slope(new double[] {1, 3}, new double[] {5, 4}, 1.96))
        .contains(new Slope(-0.5, -0.5, -0.5, 2));
  }

  @Test
  void pairsAreCountedByTheirDirection() {
    // by hand: 11 pairs rise, 33 fall, one is equal
    assertThat(MannKendall.s(VALUES)).isEqualTo(-22);
  }

  @Test
  void theVarianceAllowsForTies() {
    // by hand: (10·9·25 − 2·1·9)/18
    assertThat(MannKendall.variance(VALUES)).isCloseTo(124, within(ROUNDING));
  }

  @Test
  void theTestStatisticIsCorrectedForContinuity() {
    // by hand: −21/√124
    assertThat(MannKendall.z(VALUES)).isCloseTo(-1.8858556712811365, within(ROUNDING));
  }

  @Test
  void equalValuesHaveNoTrend() {
    assertThat(MannKendall.z(new double[] {4, 4, 4})).isZero();
    assertThat(MannKendall.z(new double[] {})).isZero();
  }
}
