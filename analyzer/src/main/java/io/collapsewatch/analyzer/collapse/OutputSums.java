package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.collapse.CollapseResult.Outputs;
import java.util.Optional;

/**
 * Sums over the outputs of samples. The squares are those of distances from the first output: near
 * collapse the outputs of the wrong classes agree in all but their last digits.
 */
final class OutputSums {

  private long samples;
  private long wrong;
  private double trueClass;
  private double origin;
  private double distances;
  private double squares;

  /** Adds a sample with outputs {@code z} [K] and a label in 0..K−1. */
  void add(double[] z, int label) {
    if (samples == 0) {
      origin = z[label == 0 ? z.length - 1 : 0];
    }
    samples++;
    trueClass += z[label];
    for (int c = 0; c < z.length; c++) {
      double distance = c == label ? 0 : z[c] - origin;
      distances += distance;
      squares += distance * distance;
    }
    wrong += z.length - 1;
  }

  /** What they come to, if there was a sample and everything is finite. */
  Optional<Outputs> outputs(double ofGlobalMean) {
    double mean = distances / wrong;
    Outputs outputs =
        new Outputs(
            trueClass / samples,
            origin + mean,
            Math.max(0, squares / wrong - mean * mean),
            ofGlobalMean);
    return outputs.finite() ? Optional.of(outputs) : Optional.empty();
  }
}
