package io.collapsewatch.analyzer.reference;

import io.collapsewatch.analyzer.linalg.Matrix;

/** Squared-norm regularisers and what else models add up. */
final class Decay {

  private Decay() {}

  /** Adds λx to {@code gradient} and returns λ/2 ‖x‖². */
  static double add(double lambda, Matrix x, Matrix gradient) {
    if (lambda == 0) {
      return 0;
    }
    gradient.add(lambda, x);
    return lambda / 2 * x.squaredNorm();
  }

  /** The sum of each row, [rows×1]. */
  static Matrix rowSums(Matrix matrix) {
    Matrix sums = new Matrix(matrix.rows(), 1);
    for (int k = 0; k < matrix.rows(); k++) {
      double sum = 0;
      for (int i = 0; i < matrix.columns(); i++) {
        sum += matrix.get(k, i);
      }
      sums.set(k, 0, sum);
    }
    return sums;
  }
}
