package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.analyzer.linalg.PackedRows;
import io.collapsewatch.analyzer.margin.MarginDistribution;
import io.collapsewatch.protocol.Margin;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import java.util.Arrays;
import java.util.Optional;

/** What a classifier decides about the samples, and how often the nearest class mean differs. */
final class Decisions {

  private final Classifier classifier;
  private final ClassMeans means;
  private final PackedRows weights;
  private final double[] bias;
  private final PackedRows centres;
  private final double[] margins;
  private final OutputSums sums = new OutputSums();
  private int seen;
  private long correct;
  private long mismatches;

  /** Of none yet of {@code samples} samples. */
  Decisions(Classifier classifier, ClassMeans means, int samples) {
    this.classifier = classifier;
    this.means = means;
    this.weights = new PackedRows(classifier.matrix());
    this.bias = classifier.bias().orElseGet(() -> new double[classifier.classes()]);
    this.centres = new PackedRows(means.fromOrigin());
    this.margins = new double[samples];
  }

  /**
   * Adds the next samples.
   *
   * @param labels [n]
   * @param features [n×d] h_i; not modified
   * @param fromOrigin [n×d] h_i − origin of the means; not modified
   */
  void add(int[] labels, Matrix features, Matrix fromOrigin) {
    Matrix logits = weights.dots(features).plusToEachRow(1, bias);
    int[] predictions = new int[labels.length];
    for (int i = 0; i < labels.length; i++) {
      double[] z = logits.row(i);
      predictions[i] = Margin.prediction(z, z.length);
      margins[seen++] = Margin.of(z, z.length, labels[i]);
      sums.add(z, labels[i]);
      if (predictions[i] == labels[i]) {
        correct++;
      }
    }
    if (means.distinct()) {
      countMismatches(predictions, fromOrigin);
    }
  }

  private void countMismatches(int[] predictions, Matrix fromOrigin) {
    Matrix squaredDistances = centres.squaredDistances(fromOrigin);
    for (int i = 0; i < predictions.length; i++) {
      if (predictions[i] != NearestCentre.nearest(means, squaredDistances.row(i))) {
        mismatches++;
      }
    }
  }

  /** The margins; none with a classifier of one class, or where a margin is not finite. */
  Optional<MarginDistribution> margins() {
    return decided() ? Optional.of(MarginDistribution.of(margins, correct)) : Optional.empty();
  }

  /** {@code nc4_ncc_mismatch}, where there are margins and the means are distinct. */
  MetricValues mismatch() {
    MetricValues metrics = new MetricValues();
    if (decided() && means.distinct()) {
      metrics.set(MetricKey.NC4_NCC_MISMATCH, (double) mismatches / margins.length);
    }
    return metrics;
  }

  /** What the outputs come to; none with a classifier of one class, or if they are not finite. */
  Optional<CollapseResult.Outputs> outputs() {
    return decided() ? sums.outputs(ofGlobalMean()) : Optional.empty();
  }

  /** Mean over the classes of ⟨w_k, μ_G⟩ + b_k. */
  private double ofGlobalMean() {
    double[] atCentre = new double[classifier.classes()];
    classifier.logits(means.global(), atCentre);
    return Arrays.stream(atCentre).sum() / atCentre.length;
  }

  private boolean decided() {
    return margins.length > 0 && Arrays.stream(margins).allMatch(Double::isFinite);
  }
}
