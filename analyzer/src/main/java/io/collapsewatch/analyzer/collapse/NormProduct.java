package io.collapsewatch.analyzer.collapse;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * ln ρ = Σ_l ln ‖W_l‖_F over the layers that count: all of them, or with batch normalisation only
 * the last. Its logarithm is carried because the product of many layers overflows. Dimensionless.
 * Undefined without layers and where a norm that counts is 0. Source: Rangamani et al. 2021.
 */
public final class NormProduct {

  private NormProduct() {}

  /**
   * ln ρ, where it is defined.
   *
   * @param layerNorms ‖W_l‖_F by layer, first layer first; not modified
   * @param batchNorm whether the network is batch-normalised
   */
  public static OptionalDouble lnRho(Map<String, Double> layerNorms, boolean batchNorm) {
    long notCounting = batchNorm ? layerNorms.size() - 1L : 0;
    if (layerNorms.isEmpty()) {
      return OptionalDouble.empty();
    }
    double sum = layerNorms.values().stream().skip(notCounting).mapToDouble(Math::log).sum();
    return Double.isFinite(sum) ? OptionalDouble.of(sum) : OptionalDouble.empty();
  }
}
