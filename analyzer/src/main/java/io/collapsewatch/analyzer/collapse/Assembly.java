package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.analyzer.linalg.RowSpace;
import io.collapsewatch.analyzer.margin.MarginBounds;
import io.collapsewatch.analyzer.margin.MarginDistribution;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.WindowReport.ClassPair;
import io.collapsewatch.protocol.WindowReport.Cosines;
import java.util.Map;
import java.util.Optional;

/** Puts the criteria together: what one pass or the other has collected becomes a result. */
final class Assembly {

  private final ClassMeans means;
  private final RowSpace between;
  private final WithinClass within;
  private final Optional<Classifier> classifier;
  private final Frame centredMeans;
  private final Optional<Frame> weights;

  Assembly(
      ClassMeans means, RowSpace between, WithinClass within, Optional<Classifier> classifier) {
    this.means = means;
    this.between = between;
    this.within = within;
    this.classifier = classifier;
    this.centredMeans = new Frame(means.centred(), means.zeroSquared());
    this.weights = classifier.map(c -> new Frame(c.matrix(), 0));
  }

  /** The result without what needs each sample. */
  CollapseResult result() {
    return result(Optional.empty());
  }

  /** The result with the mismatch and the margins of the samples, where they were decided. */
  CollapseResult result(Optional<Decisions> decisions) {
    Optional<MarginDistribution> margins = decisions.flatMap(Decisions::margins);
    MetricValues metrics = means.counted();
    metrics.set(MetricKey.BETWEEN_RANK, between.values().length);
    weights.ifPresent(w -> metrics.setAll(FrameConvergence.ofWeights(w)));
    margins.ifPresent(m -> metrics.setAll(m.metrics()));
    if (means.distinct()) {
      metrics.setAll(VariabilityCollapse.measure(means, between, within));
      metrics.setAll(FrameConvergence.ofMeans(centredMeans, means));
      classifier.ifPresent(c -> metrics.setAll(combined(c, margins)));
      decisions.ifPresent(d -> metrics.setAll(d.mismatch()));
    }
    return new CollapseResult(
        metrics,
        FrameConvergence.frame(metrics),
        worstPair(),
        means.distinct() ? VariabilityCollapse.byClass(means, within) : Map.of(),
        cosines(),
        margins.map(MarginDistribution::histogram),
        norms(),
        decisions.filter(d -> means.distinct()).flatMap(Decisions::outputs));
  }

  private Optional<CollapseResult.Norms> norms() {
    return classifier
        .filter(c -> means.distinct())
        .map(
            c ->
                new CollapseResult.Norms(
                    c.matrix().squaredNorm(), featuresSquared(), globalSquared()));
  }

  private double featuresSquared() {
    return means.squaredNorm() + within.totalVariance();
  }

  private double globalSquared() {
    double[] global = means.global();
    return Matrix.dot(global, global);
  }

  private MetricValues combined(Classifier c, Optional<MarginDistribution> margins) {
    MetricValues metrics = SelfDuality.measure(means, c);
    metrics.setAll(NearestCentre.bias(means, c));
    double weightNorm = c.centredNorm(means.classes());
    double meansNorm = Math.sqrt(means.squaredNorm());
    double featureNorm = Math.sqrt(featuresSquared());
    metrics.set(
        MetricKey.CE_FLOOR, MarginBounds.crossEntropyFloor(means.count(), weightNorm, meansNorm));
    margins.ifPresent(
        m ->
            metrics.set(
                MetricKey.MARGIN_OPTIMALITY,
                MarginBounds.optimality(m.min(), means.count(), weightNorm, featureNorm)));
    return metrics;
  }

  private Optional<ClassPair> worstPair() {
    return means.distinct()
        ? CosineReport.worstPair(means.classes(), centredMeans)
        : Optional.empty();
  }

  private Optional<Cosines> cosines() {
    return means.distinct()
        ? Optional.of(CosineReport.of(means.classes(), centredMeans, weights))
        : Optional.empty();
  }
}
