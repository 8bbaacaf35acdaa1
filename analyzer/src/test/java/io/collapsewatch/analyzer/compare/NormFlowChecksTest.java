package io.collapsewatch.analyzer.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.analyzer.collapse.NormProduct;
import io.collapsewatch.protocol.CheckKey;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.ModelComparison;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunSettings.Loss;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A classifier (w, −w) with biases of ½ on fixed features: one norm, nothing else is trained. The
 * oracle is gradient descent on s · mean((f−y)²) over the N·2 entries + (λ/2)‖W‖², written out.
 */
class NormFlowChecksTest {

  private static final int SAMPLES = 40;
  private static final double SCALE = 3;
  private static final double DECAY = 0.02;
  private static final double RATE = 1e-6;

  private final double[][] features = features();
  private double[] w = {0.1, -0.2, 0.15};

  private static double[][] features() {
    Random random = new Random(5);
    double[][] features = new double[SAMPLES][3];
    for (int i = 0; i < SAMPLES; i++) {
      features[i][0] = (i % 2 == 0 ? 1 : -1) + 0.3 * random.nextGaussian();
      features[i][1] = 0.3 * random.nextGaussian();
      features[i][2] = 0.3 * random.nextGaussian();
    }
    return features;
  }

  private double norm() {
    return Math.sqrt(2 * (w[0] * w[0] + w[1] * w[1] + w[2] * w[2]));
  }

  /** One step on the first row; the second one is its mirror image. */
  private void step(double rate) {
    double[] gradient = {DECAY * w[0], DECAY * w[1], DECAY * w[2]};
    for (int i = 0; i < SAMPLES; i++) {
      double[] h = features[i];
      double output = 0.5 + w[0] * h[0] + w[1] * h[1] + w[2] * h[2];
      double error = output - (i % 2 == 0 ? 1 : 0);
      for (int j = 0; j < 3; j++) {
        gradient[j] += SCALE * 2 * error * h[j] / (2 * SAMPLES);
      }
    }
    for (int j = 0; j < 3; j++) {
      w[j] -= rate * gradient[j];
    }
  }

  private ModelComparison compare(OptionalDouble gain, boolean batchNorm, int layers) {
    double[] weight = {w[0], w[1], w[2], -w[0], -w[1], -w[2]};
    Classifier classifier = new Classifier(2, 3, weight, Optional.of(new double[] {0.5, 0.5}));
    CollapseResult measured = Rows.measure(features, classifier);
    measured.metrics().set(MetricKey.LN_RHO, Math.log(norm()));
    measured.metrics().setAll(NormProduct.normalisedOutputs(measured.metrics(), Math.log(norm())));
    RunSettings settings =
        RunSettings.builder()
            .loss(Loss.MSE)
            .lossScale(SCALE)
            .weightDecay(DECAY)
            .classCounts(List.of(20L, 20L))
            .batchNorm(batchNorm)
            .build();
    return WindowComparison.of(
        new Training(settings, Map.of("learning_rate", RATE), layers, gain), classifier, measured);
  }

  @Test
  void theLossFollowsFromTheNormAndItsSpeed() {
    double before = norm();
    step(RATE);
    double gain = norm() - before;

    // Of the order of the learning rate, and of the rounding of a difference over it.
    assertThat(identity(gain)).isCloseTo(1, within(1e-5));
    assertThat(identity(0)).as("without the speed").isNotCloseTo(1, within(1e-2));
  }

  private double identity(double gain) {
    return compare(OptionalDouble.of(gain), true, 3)
        .check(CheckKey.LOSS_IDENTITY)
        .orElseThrow()
        .ratio()
        .orElseThrow();
  }

  @Test
  void theNormEndsWhereItsFlowPullsIt() {
    assertThat(rho(compare(OptionalDouble.empty(), true, 3))).isNotCloseTo(1, within(0.1));
    for (int i = 0; i < 20_000; i++) {
      step(0.05);
    }
    assertThat(rho(compare(OptionalDouble.empty(), true, 3))).isCloseTo(1, within(1e-9));
  }

  private static double rho(ModelComparison comparison) {
    return comparison.check(CheckKey.RHO).orElseThrow().ratio().orElseThrow();
  }

  @Test
  void aSingleLayerNeedsNoNormalisationAndSeveralDo() {
    assertThat(compare(OptionalDouble.empty(), false, 1).checks()).containsKey("rho");
    assertThat(compare(OptionalDouble.empty(), false, 2).checks())
        .doesNotContainKeys("rho", "loss_identity");
  }

  @Test
  void withoutASpeedThereIsNoIdentity() {
    assertThat(compare(OptionalDouble.empty(), true, 1).checks())
        .containsKey("rho")
        .doesNotContainKey("loss_identity");
  }
}
