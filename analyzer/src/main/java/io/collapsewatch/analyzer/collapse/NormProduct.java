package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
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

  /**
   * With f̄_i = m_i/ρ, the output of the network whose norms are all 1: {@code mu} = mean f̄,
   * {@code m2} = mean f̄² and {@code sigma2} = m2 − mu². Dimensionless; {@code sigma2} is 0 at
   * collapse. For networks of two classes under the square loss: their margin goes to 1, as the
   * output of one with labels ±1 does. Absent without margins. Source: Rangamani et al. 2021.
   *
   * @param metrics with the margins
   */
  public static MetricValues normalisedOutputs(MetricValues metrics, double lnRho) {
    double mean = metrics.get(MetricKey.MARGIN_MEAN).orElse(Double.NaN) / Math.exp(lnRho);
    double deviation = metrics.get(MetricKey.MARGIN_STD).orElse(Double.NaN) / Math.exp(lnRho);
    MetricValues outputs = new MetricValues();
    outputs.set(MetricKey.MU, mean);
    outputs.set(MetricKey.M2, mean * mean + deviation * deviation);
    outputs.set(MetricKey.SIGMA2, deviation * deviation);
    return outputs;
  }
}
