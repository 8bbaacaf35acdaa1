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

  /** See {@link ClosedForm#squareWithBias}. Absent without weight or feature decay. */
  @Override
  public Optional<Equilibrium> equilibrium() {
    double lambdaW = settings.weightDecay();
    double lambdaH = settings.featureDecay();
    return lambdaW * lambdaH == 0
        ? Optional.empty()
        : Optional.of(
            ClosedForm.squareWithBias(
                settings.classes(), n, lambdaW, lambdaH, settings.biasDecay()));
  }
}
