package io.collapsewatch.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Expected numbers by hand: Σ(z − e_y)²/(NK) and its derivative. */
class SquareLossTest {

  private final BatchLoss loss =
      SquareLoss.of(new float[][] {{0.5f, 0.25f}, {1, 0}}, new int[] {0, 1});

  @Test
  void isTheMeanOverTheEntries() {
    assertThat(loss.mean()).isCloseTo((0.25 + 0.0625 + 1 + 1) / 4, within(1e-15));
    assertThat(loss.gradient()[0]).containsExactly(-0.25f, 0.125f);
    assertThat(loss.gradient()[1]).containsExactly(0.5f, -0.5f);
    assertThat(loss.accuracy()).isEqualTo(0.5);
  }

  @Test
  void aFactorScalesItWithItsGradient() {
    BatchLoss scaled = loss.times(10);

    assertThat(scaled.mean()).isCloseTo(10 * loss.mean(), within(1e-14));
    assertThat(scaled.gradient()[0]).containsExactly(-2.5f, 1.25f);
    assertThat(scaled.accuracy()).isEqualTo(0.5);
  }
}
