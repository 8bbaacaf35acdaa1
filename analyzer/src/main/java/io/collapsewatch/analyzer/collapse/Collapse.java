package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.RowSpace;
import io.collapsewatch.protocol.MetricKey;
import java.util.Optional;

/**
 * The one door to the metrics of neural collapse. K is the number of classes present in the
 * samples, except where a metric speaks of all rows of the classifier. With fewer than two classes,
 * or where all class means are equal, every metric that uses the means is absent; what concerns the
 * classifier and the margins alone stays. Without a classifier everything that uses W is absent.
 */
public final class Collapse {

  private Collapse() {}

  /**
   * All metrics of samples that can be read twice: first for the class means, then for what lies
   * around them. Takes memory for some times K·d and K² numbers and one margin per sample, and time
   * N·d·(3K) + K²d.
   *
   * @param samples features finite, labels ≥ 0
   * @throws IllegalArgumentException if a label is negative, or the classifier has another width
   *     than the features or no row for a label
   */
  public static CollapseResult measure(Samples samples, Optional<Classifier> classifier) {
    ClassMeans means = FirstPass.over(samples);
    classifier.ifPresent(means::requireFits);
    RowSpace between = BetweenClass.of(means);
    SecondPass pass = SecondPass.over(samples, means, between, classifier);
    CollapseResult result =
        new Assembly(means, between, pass.within(), classifier).result(pass.decisions());
    if (means.distinct()) {
      result
          .metrics()
          .set(
              MetricKey.NC1_PRECISION_FLOOR,
              InputPrecision.floor(means, between, samples.roundoff()));
    }
    return result;
  }

  /**
   * The metrics that streaming statistics allow: no {@code nc4_ncc_mismatch}, no {@code accuracy},
   * no margins, no {@code margin_optimality} and no {@code nc1_precision_floor}. Takes time d²·K.
   *
   * @throws IllegalArgumentException if the classifier has another width than the features or no
   *     row for a label
   */
  public static CollapseResult measure(ClassMoments moments, Optional<Classifier> classifier) {
    ClassMeans means = moments.means();
    classifier.ifPresent(means::requireFits);
    RowSpace between = BetweenClass.of(means);
    return new Assembly(means, between, moments.within(between), classifier).result();
  }
}
