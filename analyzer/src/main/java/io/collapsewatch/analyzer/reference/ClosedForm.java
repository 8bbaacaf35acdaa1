package io.collapsewatch.analyzer.reference;

/**
 * Minima of the unconstrained-features models with classes of one size, which need not be a whole
 * number: that of a run is the mean over its classes. K ≥ 2, n &gt; 0 samples of each class, λ_W
 * &gt; 0, λ_H &gt; 0. Source: theory sheet, §3.1, §3.3 and §3.4.
 */
public final class ClosedForm {

  private ClosedForm() {}

  /**
   * Of {@code ce-ufm}, with s₀ = √(nλ_Wλ_H): margin θ = ln((1−(K−1)s₀)/s₀), ‖w_k‖² = ((K−1)/K)
   * √(nλ_H/λ_W) θ, h_{k,i} = √(λ_W/(λ_H n)) w_k, objective −ln(1−(K−1)s₀) + λ_W K ‖w_k‖²; zero,
   * with ln K, when K s₀ ≥ 1.
   */
  public static Equilibrium crossEntropy(int k, double n, double lambdaW, double lambdaH) {
    double s0 = Math.sqrt(n * lambdaW * lambdaH);
    if (k * s0 >= 1) {
      return Equilibrium.zero(Math.log(k));
    }
    double margin = Math.log((1 - (k - 1) * s0) / s0);
    double weight = (k - 1.0) / k * Math.sqrt(n * lambdaH / lambdaW) * margin;
    return Equilibrium.alike(
        margin,
        weight,
        weight * lambdaW / (lambdaH * n),
        -Math.log1p(-(k - 1) * s0) + lambdaW * k * weight);
  }

  /**
   * Of {@code mse-ufm}, with c = K√(nλ_Wλ_H): margin s = max(0, 1−c), ‖w_k‖² = s √(nλ_H/λ_W),
   * ‖h_{k,i}‖² = s √(λ_W/(nλ_H)), objective (1−s²)/2.
   */
  public static Equilibrium square(int k, double n, double lambdaW, double lambdaH) {
    double balance = Math.sqrt(n * lambdaH / lambdaW);
    double s = Math.max(0, 1 - k * Math.sqrt(n * lambdaW * lambdaH));
    return Equilibrium.alike(s, s * balance, s / balance, (1 - s * s) / 2);
  }

  /**
   * Of {@code mse-ufm-bias} whose bias has no decay: ((K−1)/K) of the norms and of the objective of
   * {@link #square}, and the same margin.
   */
  public static Equilibrium squareWithBias(int k, double n, double lambdaW, double lambdaH) {
    Equilibrium square = square(k, n, lambdaW, lambdaH);
    double share = (k - 1.0) / k;
    return Equilibrium.alike(
        square.margin(),
        share * square.weightNormSquared(),
        share * square.featureNormSquared(),
        share * square.objective());
  }
}
