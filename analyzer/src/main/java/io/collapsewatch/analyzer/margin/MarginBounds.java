package io.collapsewatch.analyzer.margin;

/**
 * What the norms of a classifier and of the class means allow: the largest margin that all samples
 * can have and the lowest cross-entropy. Both bounds are reached at neural collapse and nowhere
 * else. W̃ is the rows of W of the present classes minus their mean row, M the centred class means,
 * K the number of present classes. Both take constant time.
 */
public final class MarginBounds {

  private MarginBounds() {}

  /**
   * {@code margin_optimality} = m_min (K−1) / (‖W̃‖_F √(‖M‖_F² + Σ_k v_k)). Dimensionless, ≤ 1, 1
   * at collapse; negative where a sample is misclassified. Not finite where a norm is 0. Source: Ji
   * et al. 2021, theorem 3.1, in product form.
   *
   * @param minMargin smallest margin of all samples, in logits
   * @param classes K ≥ 2
   * @param weightNorm ‖W̃‖_F
   * @param featureNorm √(‖M‖_F² + Σ_k v_k) with the class variances v_k
   */
  public static double optimality(
      double minMargin, int classes, double weightNorm, double featureNorm) {
    return minMargin * (classes - 1) / (weightNorm * featureNorm);
  }

  /**
   * {@code ce_floor} = ln(1 + (K−1) exp(−‖W̃‖_F ‖M‖_F / (K−1))), in nats: the mean cross-entropy
   * with equal weight for each class cannot be lower; → 0 as the norms grow. Source: the mean
   * margin that {@link #optimality} bounds, and Jensen's inequality.
   *
   * @param classes K ≥ 2
   * @param weightNorm ‖W̃‖_F
   * @param meansNorm ‖M‖_F
   */
  public static double crossEntropyFloor(int classes, double weightNorm, double meansNorm) {
    double others = classes - 1;
    return Math.log1p(others * Math.exp(-weightNorm * meansNorm / others));
  }
}
