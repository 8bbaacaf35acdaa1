package io.collapsewatch.analyzer.reference;

import java.util.Optional;

/**
 * {@code ce-ufm}: (1/Kn) Σ CE(Wh+b, y) + λ_W/2 ‖W‖² + λ_H/2 ‖H‖² + λ_b/2 ‖b‖². With s₀ = √(nλ_Wλ_H)
 * and c = K s₀ &lt; 1 its minimum is a simplex ETF in which every wrong class has probability s₀;
 * with c ≥ 1 it is 0. Source: Zhu et al. 2021, equation 3.
 */
final class CeUfm extends TwoFactorModel {

  private final ModelSettings settings;
  private final int n;

  CeUfm(ModelSettings settings) {
    super(
        settings, OutputLoss::crossEntropy, true, settings.weightDecay(), settings.featureDecay());
    this.settings = settings;
    this.n = settings.samplesPerClass();
  }

  /** See {@link ClosedForm#crossEntropy}. Absent without weight or feature decay. */
  @Override
  public Optional<Equilibrium> equilibrium() {
    double lambdaW = settings.weightDecay();
    double lambdaH = settings.featureDecay();
    return lambdaW * lambdaH == 0
        ? Optional.empty()
        : Optional.of(ClosedForm.crossEntropy(settings.classes(), n, lambdaW, lambdaH));
  }
}
