package io.collapsewatch.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Expected numbers by hand from the formulas in the javadoc of PyTorch's BatchNorm1d. */
class BatchNormTest {

  private static final float ROUNDING = 1e-6f;

  private final BatchNorm layer = new BatchNorm(1);
  private final float[][] batch = {{1}, {3}, {5}, {7}};

  @Test
  void normalisesWithTheBatchInTraining() {
    float[][] y = layer.forward(batch, true);

    // mean 4, population variance 5
    assertThat(y[0][0]).isCloseTo((float) (-3 / Math.sqrt(5 + 1e-5)), within(ROUNDING));
    assertThat(y[3][0]).isCloseTo((float) (3 / Math.sqrt(5 + 1e-5)), within(ROUNDING));
  }

  @Test
  void normalisesWithRunningAveragesInEvaluation() {
    layer.forward(batch, true);

    float[][] y = layer.forward(new float[][] {{2}}, false);

    // running mean 0.9·0 + 0.1·4; running variance 0.9·1 + 0.1·20/3, the unbiased one
    double variance = 0.9 + 0.1 * 20 / 3;
    assertThat(y[0][0])
        .isCloseTo((float) ((2 - 0.4) / Math.sqrt(variance + 1e-5)), within(ROUNDING));
  }

  @Test
  void evaluationLeavesTheRunningAveragesAlone() {
    float before = layer.forward(new float[][] {{2}}, false)[0][0];
    layer.forward(batch, false);

    assertThat(layer.forward(new float[][] {{2}}, false)[0][0]).isEqualTo(before);
  }
}
