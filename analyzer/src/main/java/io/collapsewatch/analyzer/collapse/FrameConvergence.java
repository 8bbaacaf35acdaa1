package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * NC2: class means and classifiers become a simplex ETF or, in a square-loss run without bias, an
 * orthogonal frame. Formulas, undefined cases and sources are those of {@link Frame}: the means
 * over the K classes present, the classifiers over all rows of W. All are 0 at collapse, except
 * that only one of the two distances from a frame is.
 */
final class FrameConvergence {

  private FrameConvergence() {}

  /**
   * {@code nc2_equinorm_means}, {@code nc2_equiangular_means}, {@code nc2_max_angle_means}, {@code
   * nc2_etf_means} of the centred means and {@code nc2_of_means} of the means themselves.
   *
   * @param centred of the rows μ_k − μ_G
   */
  static MetricValues ofMeans(Frame centred, ClassMeans means) {
    MetricValues metrics = new MetricValues();
    metrics.set(MetricKey.NC2_EQUINORM_MEANS, centred.equinorm());
    metrics.set(MetricKey.NC2_EQUIANGULAR_MEANS, centred.equiangular());
    metrics.set(MetricKey.NC2_MAX_ANGLE_MEANS, centred.maxAngle());
    metrics.set(MetricKey.NC2_ETF_MEANS, centred.toSimplex());
    metrics.set(MetricKey.NC2_OF_MEANS, new Frame(means.uncentred(), 0).toOrthogonal());
    return metrics;
  }

  /** The same five of the classifiers, with {@code _weights}; nothing is centred. */
  static MetricValues ofWeights(Frame weights) {
    MetricValues metrics = new MetricValues();
    metrics.set(MetricKey.NC2_EQUINORM_WEIGHTS, weights.equinorm());
    metrics.set(MetricKey.NC2_EQUIANGULAR_WEIGHTS, weights.equiangular());
    metrics.set(MetricKey.NC2_MAX_ANGLE_WEIGHTS, weights.maxAngle());
    metrics.set(MetricKey.NC2_ETF_WEIGHTS, weights.toSimplex());
    metrics.set(MetricKey.NC2_OF_WEIGHTS, weights.toOrthogonal());
    return metrics;
  }

  /** {@code etf} or {@code of}, whichever the classifiers are nearer to. */
  static Optional<String> frame(MetricValues metrics) {
    OptionalDouble simplex = metrics.get(MetricKey.NC2_ETF_WEIGHTS);
    OptionalDouble orthogonal = metrics.get(MetricKey.NC2_OF_WEIGHTS);
    if (simplex.isEmpty() || orthogonal.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(simplex.getAsDouble() <= orthogonal.getAsDouble() ? "etf" : "of");
  }
}
