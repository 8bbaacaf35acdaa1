package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.protocol.MarginHistogram;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.WindowReport.ClassPair;
import io.collapsewatch.protocol.WindowReport.Cosines;
import java.util.Map;
import java.util.Optional;

/**
 * What one set of samples says about collapse. What is not defined is absent: without a classifier
 * all that uses one, and with fewer than two classes of different means all that uses the means.
 *
 * @param metrics those that are defined
 * @param frame {@code etf} or {@code of}, whichever the classifiers are nearer to
 * @param worstPair classes whose centred means have the largest cosine, the lowest such pair
 * @param classVariability v_k / tr Σ_B by class; empty where not defined
 * @param cosines between centred means and between classifiers
 * @param marginHistogram of the margins recomputed with the classifier
 * @param norms with a classifier: how long it and the features are
 * @param outputs what the classifier makes of each sample, where that was computed and is finite
 */
public record CollapseResult(
    MetricValues metrics,
    Optional<String> frame,
    Optional<ClassPair> worstPair,
    Map<Integer, Double> classVariability,
    Optional<Cosines> cosines,
    Optional<MarginHistogram> marginHistogram,
    Optional<Norms> norms,
    Optional<Outputs> outputs) {

  /**
   * Squared lengths that a model is calibrated by.
   *
   * @param weights ‖W‖_F²
   * @param features Σ_k mean_i ‖h_i−μ_G‖² = ‖M‖_F² + Σ_k v_k, over the present classes
   * @param globalMean ‖μ_G‖²
   */
  public record Norms(double weights, double features, double globalMean) {}

  /**
   * Outputs f = Wh + b, in units of the logits.
   *
   * @param trueClass mean over the samples of f_y
   * @param wrongMean mean over the samples and the classes c ≠ y of f_c
   * @param wrongVariance their population variance
   * @param ofGlobalMean mean over the classes of ⟨w_k, μ_G⟩ + b_k
   */
  public record Outputs(
      double trueClass, double wrongMean, double wrongVariance, double ofGlobalMean) {

    boolean finite() {
      return Double.isFinite(trueClass + wrongMean + wrongVariance + ofGlobalMean);
    }
  }
}
