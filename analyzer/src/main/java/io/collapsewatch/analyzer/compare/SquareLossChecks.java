package io.collapsewatch.analyzer.compare;

import io.collapsewatch.analyzer.collapse.CollapseResult.Norms;
import io.collapsewatch.analyzer.collapse.CollapseResult.Outputs;
import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.protocol.CheckKey;

/**
 * What the square loss with weight decay fixes beside the norms. Let ε = 1 − mean f_y be the gap of
 * the outputs f = Wh + b.
 *
 * <ul>
 *   <li>Gap: at the model's minimum ε = c(K−1)/K with a bias, c without, and all of it from c = 1
 *       on.
 *   <li>Norm from the gap: the source has the loss ½Σ‖y−f‖² + (λ/2)Σ‖W_l‖² over N samples of each
 *       class, ‖w_k‖² = (Nε/λ)η with the margin η = 1 − Kε/(K−1). Times Kn, the model's loss
 *       (1/2Kn)Σ‖y−f‖² + (λ_W/2)‖W‖² is that one with N = n and λ = Knλ_W, so ‖w_k‖² = εη/(Kλ_W).
 *       Only the gradient in w_k is needed for it, so it holds without calibrated features. Without
 *       a bias the wrong outputs go to 0 and η = 1 − ε.
 *   <li>Mean output: ⟨w_k, μ_G⟩ + b_k, mean over k, is 1/K with a bias and (1−c)/K without.
 *   <li>Spread: the wrong outputs are all ε/(K−1) with a bias, and 0 without.
 * </ul>
 *
 * Outputs are dimensionless. Source: Rangamani et al. 2021, theory sheet §2, with the bias that the
 * source leaves out.
 */
final class SquareLossChecks {

  private SquareLossChecks() {}

  static void add(Checks checks, Calibration model, Norms norms, Outputs outputs) {
    int k = model.classes();
    boolean biased = model.model() == ModelKind.MSE_UFM_BIAS;
    double share = biased ? (k - 1.0) / k : 1;
    double shrinkage = Math.min(1, model.shrinkage());
    double gap = 1 - outputs.trueClass();
    checks.add(CheckKey.OUTPUT_GAP, gap, shrinkage * share);
    checks.add(
        CheckKey.NORM_FROM_GAP,
        norms.weights() / k,
        gap * (1 - gap / share) / (k * model.weightDecay()));
    checks.add(CheckKey.MEAN_OUTPUT, outputs.ofGlobalMean(), (biased ? 1 : 1 - shrinkage) / k);
    double off = outputs.wrongMean() - (biased ? gap / (k - 1) : 0);
    checks.add(CheckKey.WRONG_OUTPUT_SPREAD, Math.sqrt(outputs.wrongVariance() + off * off), 0);
  }
}
