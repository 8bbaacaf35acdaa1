package io.collapsewatch.analyzer.compare;

import io.collapsewatch.protocol.CheckKey;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;

/**
 * How the norm ρ of a binary network under the square loss stands to its flow. With two outputs for
 * targets (1, 0) and a bias, f_0 + f_1 goes to 1, so f_y = (1+m)/2 and the other is (1−m)/2 with
 * the margin m, and torch's mean over N·2 entries is ¼ mean(1−m)². With the loss's factor s and
 * weight decay w on the one norm that counts, four times the objective over s is
 *
 * <pre>L(ρ) = mean(1 − ρf̄)² + λρ²,   f̄ = m/ρ,   λ = 2w/s</pre>
 *
 * (2 λ_W of {@code mse-ufm-bias} with K = 2). Its flow ρ̇ = 2(mu − ρ(m2 + λ)) pulls to ρ_eq =
 * mu/(m2 + λ), and along it L = 1 − ρ(mu + ρ̇/2).
 *
 * <p>A step of gradient descent with rate η on the objective is a time ηs/4 of that flow, so ρ̇/2 =
 * 2Δρ/(ηs) with Δρ the gain a step; momentum makes Δρ larger by a factor that a run does not say,
 * which shows as long as ρ moves. All is dimensionless.
 *
 * <p>Undefined where the other layers are not normalised (no batch normalisation, and more than one
 * layer), without a bias, and without norms of layers; the identity also without a learning rate or
 * norms at two steps. Source: Rangamani et al. 2021, theory sheet §2.
 */
final class NormFlowChecks {

  private NormFlowChecks() {}

  /**
   * @param weightDecay λ_W of the model
   * @param metrics with {@code ln_rho}, {@code mu} and {@code m2}, where they are defined
   */
  static void add(Checks checks, Training training, double weightDecay, MetricValues metrics) {
    double rho = Math.exp(metrics.get(MetricKey.LN_RHO).orElse(Double.NaN));
    double mu = metrics.get(MetricKey.MU).orElse(Double.NaN);
    double m2 = metrics.get(MetricKey.M2).orElse(Double.NaN);
    double lambda = 2 * weightDecay;
    checks.add(CheckKey.RHO, rho, mu / (m2 + lambda));
    double loss = 1 - 2 * rho * mu + rho * rho * (m2 + lambda);
    checks.add(CheckKey.LOSS_IDENTITY, loss, 1 - rho * (mu + halfSpeed(training)));
  }

  /** ρ̇/2; NaN where it is not known. */
  private static double halfSpeed(Training training) {
    double gain = training.lastLayerGain().orElse(Double.NaN);
    double rate = training.learningRate().orElse(Double.NaN);
    return 2 * gain / (rate * training.lossScale());
  }
}
