package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.protocol.DType;

/** Labelled features that can be read several times, always in the same order. */
public interface Samples {

  /** N. */
  int size();

  /** d. */
  int dim();

  /** Label of sample {@code i}, ≥ 0. */
  int label(int i);

  /**
   * Unit roundoff of the type that the features come in: what tells them from their exact values.
   */
  default double roundoff() {
    return DType.F64.roundoff();
  }

  /** Writes the features of sample {@code i} to {@code out} [d], widened exactly to double. */
  void read(int i, double[] out);
}
