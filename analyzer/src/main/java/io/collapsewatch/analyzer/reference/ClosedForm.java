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
   * Of {@code mse-ufm-bias}, with c = K√(nλ_Wλ_H) and s₁ = max(0, 1−c(1+1/λ_b)), 0 without bias
   * decay: margin s = max(0, 1−c); ‖w_k‖² = s̄ √(nλ_H/λ_W) and ‖h_{k,i}‖² = s̄ √(λ_W/(nλ_H)) with
   * the mean s̄ = ((K−1)s + s₁)/K of the singular values of WU.
   *
   * @param lambdaB λ_b ≥ 0
   */
  public static Equilibrium squareWithBias(
      int k, double n, double lambdaW, double lambdaH, double lambdaB) {
    double balance = Math.sqrt(n * lambdaH / lambdaW);
    double c = k * Math.sqrt(n * lambdaW * lambdaH);
    double s = Math.max(0, 1 - c);
    double common = lambdaB == 0 ? 0 : Math.max(0, 1 - c * (1 + 1 / lambdaB));
    double mean = ((k - 1) * s + common) / k;
    double objective = (k - 1) * (1 - s * s) / (2 * k) + commonObjective(c, common, lambdaB) / k;
    return new Equilibrium(
        s > 0, objective, Equilibrium.alike(s, mean * balance, mean / balance, 0).byClass());
  }

  /** K times what the common output β = s₁ + Kb costs: ½(1−β)² + c s₁ + (λ_b/2)(Kb)². */
  private static double commonObjective(double c, double common, double lambdaB) {
    double byBias = common > 0 ? c / lambdaB : 1 / (1 + lambdaB);
    double missing = 1 - common - byBias;
    return missing * missing / 2 + c * common + lambdaB / 2 * byBias * byBias;
  }
}
