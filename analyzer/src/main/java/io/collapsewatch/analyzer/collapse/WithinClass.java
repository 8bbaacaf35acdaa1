package io.collapsewatch.analyzer.collapse;

/** Variance within the classes: all of it, and the part along given directions u_j. */
final class WithinClass {

  private final double[] variances;
  private final double trace;
  private final double[] along;

  /**
   * @param counts [K] n_k
   * @param squares [K] tr(S_k) = Σ_{i∈k} ‖h_i − μ_k‖²
   * @param projected [r] u_jᵀ S u_j = Σ_i (u_j·(h_i − μ_{y_i}))²
   */
  WithinClass(long[] counts, double[] squares, double[] projected) {
    this.variances = new double[counts.length];
    long samples = 0;
    double total = 0;
    for (int k = 0; k < counts.length; k++) {
      variances[k] = squares[k] / counts[k];
      samples += counts[k];
      total += squares[k];
    }
    this.trace = total / samples;
    this.along = new double[projected.length];
    for (int j = 0; j < along.length; j++) {
      along[j] = projected[j] / samples;
    }
  }

  /** v_k of the class in row {@code slot}. */
  double variance(int slot) {
    return variances[slot];
  }

  /** Σ_k v_k. */
  double totalVariance() {
    double total = 0;
    for (double variance : variances) {
      total += variance;
    }
    return total;
  }

  /** tr Σ_W. */
  double trace() {
    return trace;
  }

  /** u_jᵀ Σ_W u_j. */
  double along(int j) {
    return along[j];
  }
}
