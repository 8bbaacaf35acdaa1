package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.protocol.Tensor;
import java.util.Optional;

/**
 * A linear classifier.
 *
 * @param classes K
 * @param dim d
 * @param weight [K·d], row k is w_k; neither copied nor modified
 * @param bias [K], where the layer has one; neither copied nor modified
 */
@SuppressWarnings("ArrayRecordComponent") // K·d numbers, not copied for each report; never compared
public record Classifier(int classes, int dim, double[] weight, Optional<double[]> bias) {

  private static final double ROUNDING = 1e-14;

  /**
   * @throws IllegalArgumentException if an array has another length
   */
  public Classifier {
    if (weight.length != (long) classes * dim
        || bias.map(b -> b.length).orElse(classes) != classes) {
      throw new IllegalArgumentException(
          "a classifier of %d classes and %d dimensions has %d weights and %s; expected %d and %d"
              .formatted(
                  classes,
                  dim,
                  weight.length,
                  bias.map(b -> b.length + " biases").orElse("no biases"),
                  (long) classes * dim,
                  classes));
    }
  }

  /**
   * The classifier in two tensors, widened to double.
   *
   * @param weight [K,d]
   * @param bias [K]
   */
  public static Classifier of(Tensor weight, Optional<Tensor> bias) {
    return new Classifier(
        weight.rows(), weight.columns(), weight.toDoubles(), bias.map(Tensor::toDoubles));
  }

  /** W [K×d], sharing the numbers. */
  Matrix matrix() {
    return new Matrix(classes, dim, weight);
  }

  /** b_k, 0 where the layer has no bias. */
  double bias(int k) {
    return bias.isPresent() ? bias.get()[k] : 0;
  }

  /**
   * ‖W̃‖_F: the norm of the rows of {@code chosen} minus their mean row. 0 where it is no more than
   * 1e-14 of the norm of those rows: equal rows leave nothing but rounding. They are therefore
   * centred from the first of them, where equal rows give 0 exactly, however many there are.
   */
  double centredNorm(int[] chosen) {
    Matrix rows = matrix().select(chosen);
    double norm = rows.plusToEachRow(-1, rows.row(0)).centred().norm();
    return norm <= ROUNDING * rows.norm() ? 0 : norm;
  }

  /** Writes W·h + b to {@code logits} [K] for features {@code h} [d]. */
  void logits(double[] h, double[] logits) {
    Matrix w = matrix();
    for (int k = 0; k < classes; k++) {
      logits[k] = w.dot(k, h) + bias(k);
    }
  }
}
