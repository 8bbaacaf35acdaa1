package io.collapsewatch.analyzer.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code mse-ufm-imbalanced}: (1/2N) ‖WH−Y‖² + λ_W/2 ‖W‖² + λ_H/2 ‖H‖² with n_k samples of class k.
 * Its minimum is orthogonal with s_k = 1 − N√(λ_Wλ_H/n_k) where that is positive; a class with n_k
 * ≤ N²λ_Wλ_H has vanished (minority collapse). Source: theory sheet, §3.
 */
final class MseUfmImbalanced extends TwoFactorModel {

  private final ModelSettings settings;

  MseUfmImbalanced(ModelSettings settings) {
    super(settings, OutputLoss::square, false, settings.weightDecay(), settings.featureDecay());
    this.settings = settings;
  }

  /**
   * Of class k: margin s_k, ‖w_k‖² = s_k √(n_kλ_H/λ_W), ‖h_k‖² = s_k √(λ_W/(n_kλ_H)); objective Σ_k
   * (n_k/N)(1−s_k)²/2 + s_k √(n_kλ_Wλ_H). Absent without weight or feature decay.
   */
  @Override
  public Optional<Equilibrium> equilibrium() {
    double lambdaW = settings.weightDecay();
    double lambdaH = settings.featureDecay();
    if (lambdaW * lambdaH == 0) {
      return Optional.empty();
    }
    double all = settings.samples();
    double objective = 0;
    boolean collapsed = true;
    List<Equilibrium.OfClass> classes = new ArrayList<>();
    for (int n : settings.counts()) {
      double s = Math.max(0, 1 - all * Math.sqrt(lambdaW * lambdaH / n));
      double balance = Math.sqrt(n * lambdaH / lambdaW);
      classes.add(new Equilibrium.OfClass(s, s * balance, s / balance));
      objective += n / all * (1 - s) * (1 - s) / 2 + s * Math.sqrt(n * lambdaW * lambdaH);
      collapsed &= s > 0;
    }
    return Optional.of(new Equilibrium(collapsed, objective, classes));
  }
}
