package io.collapsewatch.analyzer.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cross-entropy without decay. Sources: theory sheet §3.2; Ji et al. 2022. */
class CeUlpmTest {

  private static final ReferenceModel FOUR_SAMPLES =
      ModelKind.CE_ULPM.create(ModelSettings.balanced(4, 4, 1, 0));

  /** W = H = A of Ji et al. 2022, example 3.1. */
  private static Parameters saddle() {
    double[] a = {1, -1, 0, 0, -1, 1, 0, 0, 0, 0, 1, -1, 0, 0, -1, 1};
    return new Parameters(new Matrix(4, 4, a.clone()), new Matrix(4, 4, a.clone()));
  }

  private static MetricValues metrics(Simulation simulation) {
    return simulation.model().layers(simulation.at()).get(0).measure().metrics();
  }

  private static double cosine(Parameters a, Parameters b) {
    return a.dot(b) / Math.sqrt(a.squaredNorm() * b.squaredNorm());
  }

  @Test
  void atTheSaddleTheGradientPointsAlongThePoint() {
    Parameters gradient = saddle().zeros();
    var unused = FOUR_SAMPLES.evaluate(saddle(), gradient);

    assertThat(cosine(gradient, saddle())).isCloseTo(-1, within(1e-15));
  }

  @Test
  void descentFromTheSaddleOnlyGrows() {
    Simulation simulation =
        new Simulation(FOUR_SAMPLES, OptimizerKind.GRADIENT_DESCENT.create(0.1), saddle());
    simulation.advance(1000);

    assertThat(simulation.at().squaredNorm()).isGreaterThan(2 * saddle().squaredNorm());
    assertThat(cosine(simulation.at(), saddle())).isCloseTo(1, within(1e-12));
  }

  /** It leaves slowly: what it is off by grows with the margin. Steps shrink as the norms grow. */
  @Test
  void aPerturbedStartLeavesTheSaddleForTheSimplex() {
    Parameters at = saddle();
    at.add(0.1, FOUR_SAMPLES.start(new Random(4)));
    Simulation simulation;
    do {
      Optimizer optimizer = OptimizerKind.GRADIENT_DESCENT.create(0.05 / at.squaredNorm());
      simulation = new Simulation(FOUR_SAMPLES, optimizer, at);
      simulation.advance(100);
    } while (margin(simulation) < 3_000);

    assertThat(metrics(simulation).get(MetricKey.NC2_ETF_WEIGHTS).orElseThrow()).isLessThan(0.01);
    assertThat(metrics(simulation).get(MetricKey.MARGIN_OPTIMALITY).orElseThrow())
        .isGreaterThan(0.99);
  }

  /**
   * ‖θ‖²/(2(K−1)√n) − ln t − ln m_min → ln(2K√n), K=4, n=50. From a small start, as what ‖θ‖²
   * begins with stays in it; by short steps, as a margin must not grow by much in one.
   */
  @Test
  void theNormsGrowByTheSlowLaw() {
    ReferenceModel model = ModelKind.CE_ULPM.create(ModelSettings.balanced(4, 20, 50, 0));
    Parameters start = model.start(new Random(1));
    start.scale(0.01);
    Simulation simulation =
        new Simulation(model, OptimizerKind.GRADIENT_DESCENT.create(5e-5), start);
    while (margin(simulation) < 30) {
      simulation.advance(100);
    }

    double grown = simulation.at().squaredNorm() / (2 * 3 * Math.sqrt(50));
    double limit = Math.log(2 * 4 * Math.sqrt(50));
    assertThat(grown - simulation.lnTime().orElseThrow() - Math.log(margin(simulation)))
        .isCloseTo(limit, within(0.01 * limit));
  }

  /** Plain arithmetic underflows at margins of 745. */
  @Test
  void marginsGrowBeyondWhatPlainArithmeticCanHold() {
    ReferenceModel model = ModelKind.CE_ULPM.create(ModelSettings.balanced(4, 20, 50, 0));
    Simulation simulation = new Simulation(model, OptimizerKind.GRADIENT_DESCENT.create(1e-3), 1);
    while (margin(simulation) < 2_000) {
      simulation.advance(100);
    }

    assertThat(simulation.lnTime().orElseThrow()).isBetween(1_900.0, 2_200.0);
    assertThat(metrics(simulation).get(MetricKey.MARGIN_OPTIMALITY).orElseThrow())
        .isGreaterThan(0.95);
  }

  private static double margin(Simulation simulation) {
    return metrics(simulation).get(MetricKey.MARGIN_MIN).orElseThrow();
  }

  /** No loss on the sphere ‖W‖² + ‖H‖² = R² is below Kn ln(1+(K−1)e^{−R²/(2(K−1)√n)}). */
  @Test
  void noPointOfASphereIsBelowItsBound() {
    ReferenceModel model = ModelKind.CE_ULPM.create(ModelSettings.balanced(4, 5, 3, 0));
    for (int seed = 0; seed < 50; seed++) {
      Parameters at = model.start(new Random(seed));
      double bound = 12 * Math.log1p(3 * Math.exp(-at.squaredNorm() / (2 * 3 * Math.sqrt(3))));
      assertThat(model.evaluate(at, at.zeros()).objective()).isGreaterThan(bound);
    }
  }
}
