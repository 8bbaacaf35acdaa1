package io.collapsewatch.analyzer.reference;

import java.util.Optional;

/**
 * {@code mse-ufm-extended}: (1/2Kn) ‖W₂W₁H₁−Y‖² + λ₂/2 ‖W₂‖² + λ₁/2 ‖W₁‖² + λ_H/2 ‖H₁‖². With γ =
 * K(nλ_Hλ₁λ₂)^⅓ &lt; 2^{−4/3} its minimum has outputs s = x³ with x the largest root of x − x⁴ = γ,
 * and both H₁ and W₁H₁ are orthogonal frames; else it is 0. Source: Tirer and Bruna 2022, equation
 * 23.
 */
final class MseUfmExtended extends ExtendedModel {

  private final Optional<Equilibrium> equilibrium;

  MseUfmExtended(ModelSettings settings) {
    super(settings, OutputLoss::square, false);
    this.equilibrium = equilibrium(settings);
  }

  @Override
  public Optional<Equilibrium> equilibrium() {
    return equilibrium;
  }

  /**
   * Margin s, q = (nλ_Hλ₁λ₂s²)^⅓, ‖w_k‖² = q/λ₂ of W₂, ‖h‖² = q/(nλ_H) of H₁, objective ½(1−s)² +
   * (3/2)γx². Absent without one of the decays. The rectified model has the same.
   */
  static Optional<Equilibrium> equilibrium(ModelSettings settings) {
    double product =
        settings.samplesPerClass()
            * settings.featureDecay()
            * settings.hiddenDecay()
            * settings.weightDecay();
    if (product == 0) {
      return Optional.empty();
    }
    double gamma = settings.classes() * Math.cbrt(product);
    if (gamma >= Math.pow(2, -4.0 / 3)) {
      return Optional.of(Equilibrium.zero(0.5));
    }
    double x = largestRoot(gamma);
    double s = x * x * x;
    double q = Math.cbrt(product * s * s);
    return Optional.of(
        Equilibrium.alike(
            s,
            q / settings.weightDecay(),
            q / (settings.samplesPerClass() * settings.featureDecay()),
            (1 - s) * (1 - s) / 2 + 1.5 * gamma * x * x));
  }

  /** Of x − x⁴ = γ: above the maximum of the left side at 4^{−⅓} it falls to 0 at 1. */
  private static double largestRoot(double gamma) {
    return Roots.falling(x -> x - x * x * x * x - gamma, Math.pow(4, -1.0 / 3), 1);
  }
}
