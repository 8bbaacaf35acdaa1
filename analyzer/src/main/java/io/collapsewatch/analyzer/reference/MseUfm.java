package io.collapsewatch.analyzer.reference;

import java.util.Optional;

/**
 * {@code mse-ufm}: (1/2Kn) ‖WH−Y‖² + λ_W/2 ‖W‖² + λ_H/2 ‖H‖². With c = K √(nλ_Wλ_H) &lt; 1 its
 * minimum is an orthogonal frame with WU = (1−c)I; with c ≥ 1 it is 0. Source: Tirer and Bruna
 * 2022, equation 5.
 */
final class MseUfm extends TwoFactorModel {

  private final ModelSettings settings;
  private final int n;

  MseUfm(ModelSettings settings) {
    super(settings, OutputLoss::square, false, settings.weightDecay(), settings.featureDecay());
    this.settings = settings;
    this.n = settings.samplesPerClass();
  }

  /** See {@link ClosedForm#square}. Absent without weight or feature decay. */
  @Override
  public Optional<Equilibrium> equilibrium() {
    double lambdaW = settings.weightDecay();
    double lambdaH = settings.featureDecay();
    return lambdaW * lambdaH == 0
        ? Optional.empty()
        : Optional.of(ClosedForm.square(settings.classes(), n, lambdaW, lambdaH));
  }
}
