package io.collapsewatch.analyzer.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MarginBoundsTest {

  /** By hand: 3·(5−1)/(2·8). */
  @Test
  void optimalityIsTheMarginOverItsBound() {
    assertThat(MarginBounds.optimality(3, 5, 2, 8)).isEqualTo(0.75);
    assertThat(MarginBounds.optimality(-3, 5, 2, 8)).isEqualTo(-0.75);
    assertThat(MarginBounds.optimality(3, 5, 0, 8)).isInfinite();
  }

  /** By hand: chance at norm 0, then ln(1 + 4e^{−2·8/4}). */
  @Test
  void floorFallsFromChanceAsTheNormsGrow() {
    assertThat(MarginBounds.crossEntropyFloor(5, 0, 8)).isCloseTo(Math.log(5), within(1e-15));
    assertThat(MarginBounds.crossEntropyFloor(5, 2, 8))
        .isCloseTo(Math.log(1 + 4 * Math.exp(-4)), within(1e-15));
    // 4·e^{−200} is far below the spacing of doubles at 1.
    assertThat(MarginBounds.crossEntropyFloor(5, 100, 8)).isEqualTo(4 * Math.exp(-200));
  }
}
