package io.collapsewatch.analyzer.window;

import io.collapsewatch.analyzer.collapse.Samples;
import io.collapsewatch.protocol.Tensor;
import java.util.List;

/** The samples of a rolling window as the metrics read them. */
record HeldSamples(List<Sample> samples) implements Samples {

  @Override
  public int size() {
    return samples.size();
  }

  @Override
  public int dim() {
    return samples.get(0).features().size();
  }

  /** That of the coarsest. */
  @Override
  public double roundoff() {
    return samples.stream().mapToDouble(s -> s.features().dtype().roundoff()).max().orElse(0);
  }

  @Override
  public int label(int i) {
    return samples.get(i).label();
  }

  @Override
  public void read(int i, double[] out) {
    Tensor features = samples.get(i).features();
    for (int j = 0; j < features.size(); j++) {
      out[j] = features.doubleAt(j);
    }
  }
}
