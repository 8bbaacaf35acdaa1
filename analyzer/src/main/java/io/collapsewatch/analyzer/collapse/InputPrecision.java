package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.analyzer.linalg.RowSpace;

/**
 * What the type of the captured features leaves of {@code nc1}: below it a value is rounding. A
 * number x with 2^e ≤ |x| &lt; 2^(e+1) lies in a spacing of 2u·2^e with the unit roundoff u; its
 * rounding error, evenly spread over it, has the variance u²4^e/3. Taken for independent in all
 * entries that is a within-class covariance Σ_q = diag(q), with q_i the mean over the classes of
 * the variance at μ_ki, the means as they are, offset included.
 *
 * <p>Formula: {@code nc1_precision_floor} = (1/K) tr(Σ_q Σ_B⁺) = Σ_j u_jᵀ Σ_q u_j / σ_j² over the
 * directions of {@link BetweenClass}. Dimensionless. Not defined where {@code nc1} is not. An
 * estimate: features of a class that agree to the last bit are rounded alike, and ones that are 0
 * (behind a rectifier) not at all.
 */
final class InputPrecision {

  private InputPrecision() {}

  /**
   * The floor.
   *
   * @param means with distinct means
   * @param roundoff u
   */
  static double floor(ClassMeans means, RowSpace between, double roundoff) {
    double[] variances = variances(means.uncentred(), roundoff);
    double sum = 0;
    for (int j = 0; j < between.values().length; j++) {
      double sigma = between.values()[j];
      sum += along(between.directions(), j, variances) / (sigma * sigma);
    }
    return sum;
  }

  /** q [d]. */
  private static double[] variances(Matrix means, double roundoff) {
    double[] variances = new double[means.columns()];
    for (int k = 0; k < means.rows(); k++) {
      for (int i = 0; i < variances.length; i++) {
        double error = roundoff * Math.scalb(1.0, Math.getExponent(means.get(k, i)));
        variances[i] += error * error / (3 * means.rows());
      }
    }
    return variances;
  }

  private static double along(Matrix directions, int j, double[] variances) {
    double sum = 0;
    for (int i = 0; i < variances.length; i++) {
      sum += directions.get(j, i) * directions.get(j, i) * variances[i];
    }
    return sum;
  }
}
