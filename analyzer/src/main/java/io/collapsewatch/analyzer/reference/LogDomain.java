package io.collapsewatch.analyzer.reference;

import io.collapsewatch.analyzer.linalg.Matrix;

/** Sums of exponentials of outputs that are far apart. */
final class LogDomain {

  private LogDomain() {}

  /** ln Σ_{c≠y} e^{z_c − z_y} of column {@code i} of {@code outputs} [K×N]. */
  static double lnOthers(Matrix outputs, int i, int label) {
    double largest = largestOther(outputs, i, label);
    double sum = 0;
    for (int k = 0; k < outputs.rows(); k++) {
      sum += k == label ? 0 : Math.exp(outputs.get(k, i) - largest);
    }
    return Math.log(sum) + largest - outputs.get(label, i);
  }

  /** min_i z_{y_i} − max_{c≠y_i} z_c over the columns of {@code outputs} [K×N]. */
  static double minMargin(Matrix outputs, int[] labels) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < labels.length; i++) {
      least = Math.min(least, outputs.get(labels[i], i) - largestOther(outputs, i, labels[i]));
    }
    return least;
  }

  private static double largestOther(Matrix outputs, int i, int label) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < outputs.rows(); k++) {
      largest = k == label ? largest : Math.max(largest, outputs.get(k, i));
    }
    return largest;
  }

  /** ln(1 + e^x). */
  static double ln1pExp(double x) {
    return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
  }

  /** ln(e^a + e^b). */
  static double lnSum(double a, double b) {
    double larger = Math.max(a, b);
    return larger == Double.NEGATIVE_INFINITY
        ? larger
        : larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
  }
}
