package io.collapsewatch.analyzer.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every gradient against central differences of its objective. */
class GradientTest {

  private static final double SMALL = 1e-5;

  private static ModelSettings settings(ModelKind kind) {
    int classes = kind == ModelKind.RHO_FLOW ? 2 : 3;
    return ModelSettings.balanced(classes, 4, 3, 0.02).withBiasDecay(0.3).withNoise(0.1, 5);
  }

  @ParameterizedTest
  @EnumSource(ModelKind.class)
  void theGradientIsTheSlopeOfTheObjective(ModelKind kind) {
    ReferenceModel model = kind.create(settings(kind));
    Parameters at = model.start(new Random(2));
    Parameters gradient = at.zeros();
    double scale = Math.exp(model.evaluate(at, gradient).lnGradientScale());
    double[] slopes = gradient.toArray();

    for (int i = 0; i < slopes.length; i++) {
      assertThat(scale * slopes[i]).isCloseTo(difference(model, at, i), within(1e-8));
    }
  }

  private static double difference(ReferenceModel model, Parameters at, int i) {
    return (moved(model, at, i, SMALL) - moved(model, at, i, -SMALL)) / (2 * SMALL);
  }

  private static double moved(ReferenceModel model, Parameters at, int i, double by) {
    double[] numbers = at.toArray();
    numbers[i] += by;
    Parameters moved = at.zeros();
    moved.set(numbers);
    return model.evaluate(moved, at.zeros()).objective();
  }
}
