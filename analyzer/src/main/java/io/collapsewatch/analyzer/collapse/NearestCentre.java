package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;

/**
 * NC4: the classifier decides as the nearest class mean would. The means are those of the classes
 * present, the rows of W [K×d] and b [K] those of all classes.
 */
final class NearestCentre {

  private NearestCentre() {}

  /**
   * {@code nc4_bias} = ‖b + W μ_G‖, in logits; 0 at collapse where the loss leaves the bias no
   * freedom, 1/√K for the square loss with a free one. {@code nc4_bias_spread}: the same after
   * subtracting the mean over the classes, which is 0 at collapse. Both are defined for any finite
   * numbers; b is 0 where the layer has none. Source: Zhu et al. 2021.
   */
  static MetricValues bias(ClassMeans means, Classifier classifier) {
    double[] atCentre = new double[classifier.classes()];
    classifier.logits(means.global(), atCentre);
    MetricValues metrics = new MetricValues();
    metrics.set(MetricKey.NC4_BIAS, Math.sqrt(Matrix.dot(atCentre, atCentre)));
    Matrix column = new Matrix(atCentre.length, 1, atCentre);
    metrics.set(MetricKey.NC4_BIAS_SPREAD, column.centred().norm());
    return metrics;
  }

  /**
   * argmin_k ‖h − μ_k‖ over the classes present: {@code nc4_ncc_mismatch} is the share of samples
   * whose prediction is another class. Ties go to the lowest class.
   *
   * @param squaredDistances [K] ‖h − μ_k‖²; not modified
   */
  static int nearest(ClassMeans means, double[] squaredDistances) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int slot = 0; slot < squaredDistances.length; slot++) {
      if (squaredDistances[slot] < least) {
        least = squaredDistances[slot];
        best = slot;
      }
    }
    return means.classes()[best];
  }
}
