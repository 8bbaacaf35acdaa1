package io.collapsewatch.analyzer.reference;

import java.util.Optional;

/**
 * {@code ce-ufm-extended}: (1/Kn) Σ CE(W₂W₁h, y) + λ₂/2 ‖W₂‖² + λ₁/2 ‖W₁‖² + λ_H/2 ‖H₁‖². At
 * collapse W₂W₁H̄₁ = aP where e^{−a}/(1+(K−1)e^{−a}) = g a^{−⅓} with g = (nλ₂λ₁λ_H)^⅓, if that is
 * below the objective ln K of 0; else it is 0. Source: theory sheet, §3.
 *
 * <p>Collapse is a local minimum here, but from K = 4 on not always the least: outputs of a lower
 * rank pay for fewer singular values. For K = 4 a square, z_k·e_j = a cos((k−j)π/2), has the
 * objective 2 ln(1+e^{−a}) + 3g(2a)^⅔, and at n = 50 and all λ = .005 that is 0.5 % lower. Descent
 * finds either, by its start. Compare Súkeník, Mondelli and Lampert 2024, "Neural collapse versus
 * low-rank bias".
 */
final class CeUfmExtended extends ExtendedModel {

  private final ModelSettings settings;
  private final int n;

  CeUfmExtended(ModelSettings settings) {
    super(settings, OutputLoss::crossEntropy, false);
    this.settings = settings;
    this.n = settings.samplesPerClass();
  }

  /**
   * At collapse: margin a; with q = g a^{2/3}: ‖W₂‖_F² = (K−1)q/λ₂, so ‖w_k‖² = ((K−1)/K) q/λ₂, and
   * ‖h‖² = ((K−1)/K) q/(nλ_H); objective ln(1+(K−1)e^{−a}) + (3/2)(K−1)q. Absent without one of the
   * decays.
   */
  @Override
  public Optional<Equilibrium> equilibrium() {
    double product = n * settings.weightDecay() * settings.hiddenDecay() * settings.featureDecay();
    if (product == 0) {
      return Optional.empty();
    }
    int k = settings.classes();
    double g = Math.cbrt(product);
    double a = largestStationary(g);
    double objective = objective(g, a);
    if (!(objective < Math.log(k))) {
      return Optional.of(Equilibrium.zero(Math.log(k)));
    }
    double q = (k - 1.0) / k * g * Math.cbrt(a * a);
    return Optional.of(
        Equilibrium.alike(
            a, q / settings.weightDecay(), q / (n * settings.featureDecay()), objective));
  }

  private double objective(double g, double a) {
    int others = settings.classes() - 1;
    return Math.log1p(others * Math.exp(-a)) + 1.5 * others * g * Math.cbrt(a * a);
  }

  /**
   * The largest a at which the slope of the objective changes from falling to rising, or 0: there
   * ψ(a) = e^{−a}a^{⅓}/(1+(K−1)e^{−a}) falls through g, and ψ has one maximum.
   */
  private double largestStationary(double g) {
    double top = Roots.falling(this::slopeOfGain, 1e-9, 50);
    return gain(top) <= g ? 0 : Roots.falling(a -> gain(a) - g, top, 800);
  }

  private double gain(double a) {
    return Math.cbrt(a) / (Math.exp(a) + settings.classes() - 1);
  }

  /** Of the sign of ψ′: 1/(3a) − e^a/(e^a + K − 1). */
  private double slopeOfGain(double a) {
    return 1 / (3 * a) - 1 / (1 + (settings.classes() - 1) * Math.exp(-a));
  }
}
