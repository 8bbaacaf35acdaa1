package io.collapsewatch.analyzer.compare;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.collapse.Collapse;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.analyzer.collapse.Samples;
import java.util.Optional;

/** Features written down in a test: sample i is of class i modulo K. */
final class Rows implements Samples {

  private final double[][] features;
  private final int classes;

  private Rows(double[][] features, int classes) {
    this.features = features;
    this.classes = classes;
  }

  static CollapseResult measure(double[][] features, Classifier classifier) {
    return Collapse.measure(new Rows(features, classifier.classes()), Optional.of(classifier));
  }

  @Override
  public int size() {
    return features.length;
  }

  @Override
  public int dim() {
    return features[0].length;
  }

  @Override
  public int label(int i) {
    return i % classes;
  }

  @Override
  public void read(int i, double[] out) {
    System.arraycopy(features[i], 0, out, 0, out.length);
  }
}
