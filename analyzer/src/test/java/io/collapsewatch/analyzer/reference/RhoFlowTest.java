package io.collapsewatch.analyzer.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The flow of the norm product. Source: theory sheet §3.9, Rangamani et al. 2021. */
class RhoFlowTest {

  private static final double DECAY = 0.25;

  /** All f̄ = 1: μ = m₂ = 1. */
  private static final RhoFlow ALIKE = new RhoFlow(ModelSettings.balanced(2, 2, 5, DECAY));

  private static double rho(Simulation simulation) {
    return simulation.at().get(0).get(0, 0);
  }

  /** The linear equation's own solution: ρ_eq + (ρ(0) − ρ_eq) e^{−2(m₂+λ)t}. */
  @Test
  void theFlowFollowsItsSolution() {
    Simulation simulation = new Simulation(ALIKE, OptimizerKind.GRADIENT_FLOW.create(0.1), 1);
    simulation.advance(7);

    double end = 1 / 1.25;
    assertThat(rho(simulation))
        .isCloseTo(end + (0.1 - end) * Math.exp(-2 * 1.25 * 0.7), within(1e-8));
    assertThat(simulation.lnTime().orElseThrow()).isCloseTo(Math.log(0.7), within(1e-12));
  }

  /** Lemma 2 corrected, with ρ₀ = 1/f̄ = 1: ρ_λ = ρ₀/(1+λρ₀²), output gap 1 − ρ_λ/ρ₀. */
  @Test
  void itEndsBelowTheInterpolatingNorm() {
    Equilibrium end = ALIKE.equilibrium().orElseThrow();

    assertThat(Math.sqrt(end.weightNormSquared())).isCloseTo(1 / (1 + DECAY), within(1e-15));
    assertThat(1 - end.margin()).isCloseTo(1 - 1 / (1 + DECAY), within(1e-15));
  }

  @Test
  void noiseLowersTheEnd() {
    RhoFlow noisy = new RhoFlow(ModelSettings.balanced(2, 2, 50, DECAY).withNoise(0.5, 3));
    Simulation simulation = new Simulation(noisy, OptimizerKind.GRADIENT_DESCENT.create(0.05), 1);
    simulation.advance(2_000);

    Equilibrium end = noisy.equilibrium().orElseThrow();
    assertThat(rho(simulation)).isCloseTo(Math.sqrt(end.weightNormSquared()), within(1e-12));
    assertThat(simulation.objective()).isCloseTo(end.objective(), within(1e-12));
    assertThat(end.weightNormSquared())
        .isLessThan(ALIKE.equilibrium().orElseThrow().weightNormSquared());
  }

  /** m₂+λ = 1.25: the iterate's factor is 1 − 2.5η, the model's limit 4η·1.25 = 1 at η = 0.2. */
  @Test
  void longStepsOscillateThenAlternateThenDiverge() {
    assertThat(ALIKE.underdamped(0.19)).isFalse();
    assertThat(ALIKE.underdamped(0.21)).isTrue();
    assertThat(ALIKE.alternates(0.39)).isFalse();
    assertThat(ALIKE.alternates(0.41)).isTrue();
    assertThat(ALIKE.diverges(0.79)).isFalse();
    assertThat(ALIKE.diverges(0.81)).isTrue();
  }

  @Test
  void descentAlternatesAndDivergesWhereItIsSaidTo() {
    Simulation alternating = new Simulation(ALIKE, OptimizerKind.GRADIENT_DESCENT.create(0.5), 1);
    alternating.advance(1);
    assertThat(rho(alternating)).isGreaterThan(0.8);
    alternating.advance(1);
    assertThat(rho(alternating)).isLessThan(0.8);

    Simulation diverging = new Simulation(ALIKE, OptimizerKind.GRADIENT_DESCENT.create(0.9), 1);
    assertThatThrownBy(() -> diverging.advance(5_000))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("take a smaller learning rate");
  }

  /** ρ̇ = 2L ρ^{(2L−2)/L} (Σf̄ − ρΣf̄²) with 10 samples of f̄ = 1, L = 2, ρ = ½: 4·½·(10 − 5). */
  @Test
  void layersThatAreNotNormalisedMoveByTheirOwnLaw() {
    assertThat(ALIKE.deepRate(2, 0.5)).isCloseTo(10, within(1e-12));
    assertThat(ALIKE.deepRate(1, 0.5)).isCloseTo(10, within(1e-12));
  }

  @Test
  void moreThanTwoClassesAreRefused() {
    assertThatThrownBy(() -> new RhoFlow(ModelSettings.balanced(4, 4, 5, 0)))
        .hasMessage("rho-flow is a model of two classes; 4 were asked for");
  }
}
