package io.collapsewatch.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Oracle: central differences of the loss, (L(w + h) − L(w − h)) / 2h. */
class GradientTest {

  private static final float H = 1e-2f;

  /** Rounding of the loss in float, about 1e-7, over 2h, and curvature, h² times a few. */
  private static final double TOLERANCE = 1e-3;

  private final SplittableRandom random = new SplittableRandom(5);
  private final float[][] images = uniform(12, 6);
  private final int[] labels = {0, 1, 2, 0, 1, 2, 0, 1, 2, 2, 1, 0};

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofEveryParameterIsThatOfFiniteDifferences(boolean batchNorm) {
    Network network = new Network(6, List.of(5, 4), 3, batchNorm, random);
    network.backward(CrossEntropy.of(network.forward(images, true).logits(), labels).gradient());

    double largest = 0;
    for (Parameter parameter : network.parameters()) {
      for (int i = 0; i < parameter.value.length; i++) {
        for (int j = 0; j < parameter.value[i].length; j++) {
          double expected = difference(network, parameter.value[i], j);
          assertThat((double) parameter.gradient[i][j]).isCloseTo(expected, within(TOLERANCE));
          largest = Math.max(largest, Math.abs(expected));
        }
      }
    }
    assertThat(largest).isGreaterThan(50 * TOLERANCE);
  }

  private double difference(Network network, float[] row, int j) {
    float kept = row[j];
    row[j] = kept + H;
    double above = CrossEntropy.of(network.forward(images, true).logits(), labels).mean();
    row[j] = kept - H;
    double below = CrossEntropy.of(network.forward(images, true).logits(), labels).mean();
    row[j] = kept;
    return (above - below) / (2 * H);
  }

  private float[][] uniform(int rows, int columns) {
    Parameter numbers = new Parameter(rows, columns);
    numbers.fillUniform(2, random);
    return numbers.value;
  }
}
