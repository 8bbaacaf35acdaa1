package io.collapsewatch.analyzer.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {

  private static final ModelSettings SMALL = ModelSettings.balanced(3, 4, 5, 0.01);

  private static double[] after(ModelKind kind, long seed) {
    ModelSettings settings =
        kind == ModelKind.RHO_FLOW ? ModelSettings.balanced(2, 4, 5, 0.01) : SMALL;
    Simulation simulation =
        new Simulation(kind.create(settings), OptimizerKind.GRADIENT_DESCENT.create(0.05), seed);
    simulation.advance(200);
    return simulation.at().toArray();
  }

  @ParameterizedTest
  @EnumSource(ModelKind.class)
  void theSameSeedGivesTheSameBits(ModelKind kind) {
    assertThat(after(kind, 11)).containsExactly(after(kind, 11));
  }

  @Test
  void anotherSeedGivesAnotherPath() {
    assertThat(after(ModelKind.CE_UFM, 11)).isNotEqualTo(after(ModelKind.CE_UFM, 12));
  }

  /** Gradient flow conserves ‖W‖² − ‖H‖² without decay (theory sheet §2). */
  @Test
  void withoutDecayTheFlowConservesTheDifferenceOfTheNorms() {
    ReferenceModel model = ModelKind.MSE_UFM.create(SMALL.withDecays(0, 0));
    Simulation simulation = new Simulation(model, OptimizerKind.GRADIENT_FLOW.create(1), 5);
    double before = difference(simulation);
    simulation.advance(20);

    assertThat(difference(simulation)).isCloseTo(before, within(1e-7));
  }

  /** With weight decay it decays as e^{−2λt} (theory sheet §2). */
  @Test
  void withDecayTheDifferenceOfTheNormsFades() {
    ReferenceModel model = ModelKind.MSE_UFM.create(SMALL.withDecays(0.05, 0.05));
    Simulation simulation = new Simulation(model, OptimizerKind.GRADIENT_FLOW.create(1), 5);
    double before = difference(simulation);
    simulation.advance(20);

    assertThat(difference(simulation)).isCloseTo(before * Math.exp(-2 * 0.05 * 20), within(1e-6));
  }

  private static double difference(Simulation simulation) {
    return simulation.at().get(0).squaredNorm() - simulation.at().get(1).squaredNorm();
  }

  @Test
  void modelsAreFoundByTheirKeys() {
    assertThat(ModelKind.of("mse-ufm-imbalanced")).contains(ModelKind.MSE_UFM_IMBALANCED);
    assertThat(ModelKind.of("nothing")).isEmpty();
    assertThat(OptimizerKind.of("l-bfgs")).contains(OptimizerKind.L_BFGS);
  }
}
