package io.collapsewatch.analyzer.reference;

import java.util.Optional;

/**
 * {@code mse-ufm-bias}: (1/2Kn) ‖WH + b1ᵀ − Y‖² + λ_W/2 ‖W‖² + λ_H/2 ‖H‖² + λ_b/2 ‖b‖². With c =
 * K√(nλ_Wλ_H) &lt; 1 its minimum has WU = (1−c)P + s₁11ᵀ/K with s₁ = max(0, 1−c(1+1/λ_b)): a
 * simplex ETF while λ_b ≤ c/(1−c), an orthogonal frame as λ_b → ∞. Source: Tirer and Bruna 2022,
 * equation 14; for λ_b &gt; 0 the theory sheet, §3.
 */
final class MseUfmBias extends TwoFactorModel {

  private final ModelSettings settings;
  private final int n;

  MseUfmBias(ModelSettings settings) {
    super(settings, OutputLoss::square, true, settings.weightDecay(), settings.featureDecay());
    this.settings = settings;
    this.n = settings.samplesPerClass();
  }

  /**
   * Margin s = max(0, 1−c); ‖w_k‖² = s̄ √(nλ_H/λ_W) and ‖h_{k,i}‖² = s̄ √(λ_W/(nλ_H)) with the mean
   * s̄ = ((K−1)s + s₁)/K of the singular values of WU. Absent without weight or feature decay.
   */
  @Override
  public Optional<Equilibrium> equilibrium() {
    int k = settings.classes();
    double balance = Math.sqrt(n * settings.featureDecay() / settings.weightDecay());
    double c = k * Math.sqrt(n * settings.weightDecay() * settings.featureDecay());
    if (c == 0) {
      return Optional.empty();
    }
    double s = Math.max(0, 1 - c);
    double common = common(c);
    double mean = ((k - 1) * s + common) / k;
    double objective = (k - 1) * (1 - s * s) / (2 * k) + commonObjective(c, common) / k;
    return Optional.of(
        new Equilibrium(
            s > 0, objective, Equilibrium.alike(s, mean * balance, mean / balance, 0).byClass()));
  }

  /** s₁: what of WU all outputs have in common. */
  private double common(double c) {
    double lambdaB = settings.biasDecay();
    return lambdaB == 0 ? 0 : Math.max(0, 1 - c * (1 + 1 / lambdaB));
  }

  /** K times what the common output β = s₁ + Kb costs: ½(1−β)² + c s₁ + (λ_b/2)(Kb)². */
  private double commonObjective(double c, double common) {
    double lambdaB = settings.biasDecay();
    double byBias = common > 0 ? c / lambdaB : 1 / (1 + lambdaB);
    double missing = 1 - common - byBias;
    return missing * missing / 2 + c * common + lambdaB / 2 * byBias * byBias;
  }
}
