package io.collapsewatch.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Oracle: central differences of the loss, (L(w + h) − L(w − h)) / 2h. */
class GradientTest {

  private static final float H = 1e-2f;

  /**
   * Rounding of the loss in float, about 1e-7, over 2h, and curvature, h² times a few; both grow
   * with the factor in front of the loss.
   */
  private static final double TOLERANCE = 1e-3;

  private final SplittableRandom random = new SplittableRandom(5);
  private final float[][] images = uniform(12, 6);
  private final int[] labels = {0, 1, 2, 0, 1, 2, 0, 1, 2, 2, 1, 0};

  static List<DemoRun> runs() {
    return DemoRun.all(true);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void ofEveryParameterIsThatOfFiniteDifferences(DemoRun run) {
    Network network = new Network(6, List.of(5, 4), 3, run.batchNorm(), random);
    network.backward(loss(run, network).gradient());

    double tolerance = TOLERANCE * run.lossScale();
    double largest = 0;
    for (Parameter parameter : network.parameters()) {
      for (int i = 0; i < parameter.value.length; i++) {
        for (int j = 0; j < parameter.value[i].length; j++) {
          double expected = difference(run, network, parameter.value[i], j);
          assertThat((double) parameter.gradient[i][j]).isCloseTo(expected, within(tolerance));
          largest = Math.max(largest, Math.abs(expected));
        }
      }
    }
    assertThat(largest).isGreaterThan(50 * tolerance);
  }

  private double difference(DemoRun run, Network network, float[] row, int j) {
    float kept = row[j];
    row[j] = kept + H;
    double above = loss(run, network).mean();
    row[j] = kept - H;
    double below = loss(run, network).mean();
    row[j] = kept;
    return (above - below) / (2 * H);
  }

  private BatchLoss loss(DemoRun run, Network network) {
    return run.lossOf(network.forward(images, true).logits(), labels);
  }

  private float[][] uniform(int rows, int columns) {
    Parameter numbers = new Parameter(rows, columns);
    numbers.fillUniform(2, random);
    return numbers.value;
  }
}
