package io.collapsewatch.analyzer.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import org.junit.jupiter.api.Test;

/** The classifier over collapsed features with noise. Source: Tirer and Bruna 2022, theorem 5.1. */
class PerturbedFeaturesTest {

  private static Simulation refitted(ModelSettings settings) {
    ReferenceModel model = ModelKind.PERTURBED_FEATURES.create(settings);
    Simulation simulation = new Simulation(model, OptimizerKind.L_BFGS.create(0.1), 1);
    simulation.advance(200);
    return simulation;
  }

  /** With n = 20 000 samples a class the limit n → ∞ is near: the error falls like 1/√n. */
  @Test
  void noiseShrinksTheClassifierByTheFactorOfTheTheorem() {
    ModelSettings settings =
        ModelSettings.balanced(4, 6, 20_000, 0).withDecays(0.01, 0.01 / 20_000).withNoise(0.4, 7);
    Simulation simulation = refitted(settings);
    Equilibrium expected = simulation.model().equilibrium().orElseThrow();

    assertThat(simulation.at().squaredNorm() / 4)
        .isCloseTo(expected.weightNormSquared(), withPercentage(2));
    assertThat(simulation.objective()).isCloseTo(expected.objective(), withPercentage(2));
    double unperturbed =
        ModelKind.MSE_UFM.create(settings).equilibrium().orElseThrow().weightNormSquared();
    double factor = 1 / (1 + 0.16 * 4);
    assertThat(simulation.at().squaredNorm() / 4)
        .isCloseTo(unperturbed * factor * factor, withPercentage(2));
  }

  @Test
  void withoutNoiseItIsTheUnperturbedClassifier() {
    ModelSettings settings = ModelSettings.balanced(4, 6, 10, 0.01);
    Simulation simulation = refitted(settings);

    assertThat(simulation.at().squaredNorm() / 4)
        .isCloseTo(
            ModelKind.MSE_UFM.create(settings).equilibrium().orElseThrow().weightNormSquared(),
            withPercentage(1e-6));
  }

  @Test
  void featuresThatHaveVanishedAreRefused() {
    assertThatThrownBy(
            () -> ModelKind.PERTURBED_FEATURES.create(ModelSettings.balanced(4, 4, 50, 0.1)))
        .hasMessage(
            "with weight decay 0.1 and feature decay 0.1 there are no collapsed features to perturb; K√(nλ_Wλ_H) is to lie between 0 and 1");
  }
}
