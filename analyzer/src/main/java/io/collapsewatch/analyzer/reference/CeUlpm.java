package io.collapsewatch.analyzer.reference;

import java.util.Optional;

/**
 * {@code ce-ulpm}: Σ CE(Wh, y) without a regulariser. It has no minimum: the norms grow for ever,
 * slowly, and the direction goes to a simplex ETF, so that the metrics fall like 1/ln t and {@code
 * margin_optimality} → 1. Along gradient flow ‖θ‖²/(2(K−1)√n) − ln t − ln m_min → ln(2K√n).
 * Computed in the log domain. Source: Ji et al. 2022, equation 4.
 */
final class CeUlpm extends TwoFactorModel {

  CeUlpm(ModelSettings settings) {
    super(settings, OutputLoss::scaledCrossEntropy, false, 0, 0);
  }

  @Override
  public Optional<Equilibrium> equilibrium() {
    return Optional.empty();
  }
}
