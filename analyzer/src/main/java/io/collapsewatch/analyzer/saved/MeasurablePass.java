package io.collapsewatch.analyzer.saved;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.collapse.Collapse;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.analyzer.collapse.Samples;
import io.collapsewatch.protocol.saved.SavedPass;
import java.util.Optional;

/**
 * A saved pass as the metrics see it.
 *
 * @param pass its arrays
 */
public record MeasurablePass(SavedPass pass) {

  /** The features with their labels, widened to double row by row as they are read. */
  public Samples samples() {
    return new TensorSamples(pass.features(), pass.labels());
  }

  /** The classifier, widened to double. */
  public Classifier classifier() {
    return Classifier.of(pass.weights(), pass.bias());
  }

  /** All metrics, in two passes. */
  public CollapseResult measure() {
    return Collapse.measure(samples(), Optional.of(classifier()));
  }
}
