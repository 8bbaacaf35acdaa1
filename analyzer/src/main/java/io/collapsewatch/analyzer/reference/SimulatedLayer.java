package io.collapsewatch.analyzer.reference;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.collapse.Collapse;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.analyzer.collapse.Samples;
import io.collapsewatch.analyzer.linalg.Matrix;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Features of a model at some point, to be measured by the same code as those of a network.
 *
 * @param name of the layer, as a capture may name it
 * @param features [d×N], column i is h_i; not modified
 * @param labels [N], ascending, every class at least once; not modified
 * @param classifier what makes the outputs of these features; absent where that is not linear
 */
@SuppressWarnings("ArrayRecordComponent") // made to be measured at once; never compared
public record SimulatedLayer(
    String name, Matrix features, int[] labels, Optional<Classifier> classifier) {

  /** The metrics of collapse. */
  public CollapseResult measure() {
    return Collapse.measure(new Columns(), classifier);
  }

  /** ‖h_i‖², mean with equal weight for each class. */
  double meanSquaredNorm() {
    int classes = labels[labels.length - 1] + 1;
    double[] sums = new double[classes];
    int[] counts = new int[classes];
    double[] h = new double[features.rows()];
    for (int i = 0; i < labels.length; i++) {
      features.readColumn(i, h);
      sums[labels[i]] += Matrix.dot(h, h);
      counts[labels[i]]++;
    }
    return IntStream.range(0, classes)
        .mapToDouble(k -> sums[k] / counts[k])
        .average()
        .orElseThrow();
  }

  private final class Columns implements Samples {
    @Override
    public int size() {
      return labels.length;
    }

    @Override
    public int dim() {
      return features.rows();
    }

    @Override
    public int label(int i) {
      return labels[i];
    }

    @Override
    public void read(int i, double[] out) {
      features.readColumn(i, out);
    }
  }
}
