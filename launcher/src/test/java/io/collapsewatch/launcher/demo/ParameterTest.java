package io.collapsewatch.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ParameterTest {

  @Test
  void stepsWithMomentumAndWeightDecayOnTheGradient() {
    Parameter parameter = new Parameter(1, 1);
    parameter.value[0][0] = 2;
    parameter.gradient[0][0] = 1;

    parameter.step(0.5f, 0.1f);
    // v = 1 + 0.1·2 = 1.2, w = 2 − 0.5·1.2
    assertThat(parameter.value[0][0]).isCloseTo(1.4f, within(1e-6f));

    parameter.step(0.5f, 0.1f);
    // v = 0.9·1.2 + 1 + 0.1·1.4 = 2.22, w = 1.4 − 0.5·2.22
    assertThat(parameter.value[0][0]).isCloseTo(0.29f, within(1e-6f));
  }

  @Test
  void startsWithinTheBoundOnBothSides() {
    Parameter parameter = new Parameter(50, 50);

    parameter.fillUniform(0.25, new SplittableRandom(1));

    double squares = parameter.norm() * parameter.norm();
    // 2500 draws from U(−a, a) have a mean square of a²/3; ±6 % is three standard deviations
    assertThat(squares / 2500).isCloseTo(0.25 * 0.25 / 3, within(0.06 * 0.25 * 0.25 / 3));
    for (float[] row : parameter.value) {
      for (float value : row) {
        assertThat(value).isBetween(-0.25f, 0.25f);
      }
    }
  }
}
