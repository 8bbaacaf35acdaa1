package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.Matrix;
import java.util.Arrays;
import java.util.TreeSet;

/**
 * The first reading of the samples: which classes there are, and their means. Sums run over
 * distances from the first sample, so that an offset of the features costs no digits. Cost: N·d.
 */
final class FirstPass {

  private final int[] classes;
  private final long[] counts;
  private final double[] origin;
  private final Matrix sums;
  private double squares;

  private FirstPass(Samples samples) {
    this.classes = present(samples);
    this.counts = new long[classes.length];
    this.origin = new double[samples.dim()];
    this.sums = new Matrix(classes.length, samples.dim());
  }

  /** Reads all labels, then all samples once. */
  static ClassMeans over(Samples samples) {
    FirstPass pass = new FirstPass(samples);
    if (samples.size() > 0) {
      samples.read(0, pass.origin);
    }
    double[] h = new double[samples.dim()];
    for (int i = 0; i < samples.size(); i++) {
      samples.read(i, h);
      pass.add(samples.label(i), h);
    }
    return pass.means(samples.size());
  }

  private static int[] present(Samples samples) {
    TreeSet<Integer> labels = new TreeSet<>();
    for (int i = 0; i < samples.size(); i++) {
      int label = samples.label(i);
      if (label < 0) {
        throw new IllegalArgumentException(
            "sample %d has the label %d; expected a class of at least 0".formatted(i, label));
      }
      labels.add(label);
    }
    return labels.stream().mapToInt(Integer::intValue).toArray();
  }

  // Moves h to the origin in place.
  private void add(int label, double[] h) {
    for (int j = 0; j < h.length; j++) {
      h[j] -= origin[j];
    }
    int slot = Arrays.binarySearch(classes, label);
    counts[slot]++;
    sums.addToRow(slot, 1, h);
    squares += Matrix.dot(h, h);
  }

  private ClassMeans means(int samples) {
    for (int slot = 0; slot < classes.length; slot++) {
      sums.divideRow(slot, (double) counts[slot]);
    }
    return new ClassMeans(classes, counts, origin, sums, squares / samples);
  }
}
