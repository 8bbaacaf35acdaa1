package io.collapsewatch.analyzer.saved;

import io.collapsewatch.analyzer.collapse.Samples;
import io.collapsewatch.protocol.Tensor;

/**
 * Samples in two tensors.
 *
 * @param features [N,d]
 * @param labels [N], integers ≥ 0 that fit an int
 */
record TensorSamples(Tensor features, Tensor labels) implements Samples {

  @Override
  public int size() {
    return features.rows();
  }

  @Override
  public int dim() {
    return features.columns();
  }

  @Override
  public double roundoff() {
    return features.dtype().roundoff();
  }

  @Override
  public int label(int i) {
    return (int) labels.longAt(i);
  }

  @Override
  public void read(int i, double[] out) {
    features.readRow(i, out);
  }
}
