package io.collapsewatch.analyzer.reference;

import java.util.Collections;
import java.util.List;

/**
 * Sizes and regularisers of a model; each model uses those that its objective has.
 *
 * @param dim d ≥ K, so that every model's optimum exists
 * @param counts [K] n_k ≥ 1, samples of each class, K ≥ 2
 * @param weightDecay λ_W ≥ 0; λ₂ of the extended models
 * @param featureDecay λ_H ≥ 0
 * @param biasDecay λ_b ≥ 0
 * @param hiddenDecay λ₁ ≥ 0, of the extended models
 * @param noise σ ≥ 0: standard deviation of what is added to the features of {@code
 *     perturbed-features} and to the normalised outputs of {@code rho-flow}
 * @param seed of that noise
 */
public record ModelSettings(
    int dim,
    List<Integer> counts,
    double weightDecay,
    double featureDecay,
    double biasDecay,
    double hiddenDecay,
    double noise,
    long seed) {

  /**
   * @throws IllegalArgumentException if a value is outside its range, in one sentence
   */
  public ModelSettings {
    counts = List.copyOf(counts);
    if (counts.size() < 2) {
      throw new IllegalArgumentException(
          "the model has %d classes; expected at least 2".formatted(counts.size()));
    }
    if (Collections.min(counts) < 1) {
      throw new IllegalArgumentException(
          "the samples by class are %s; expected at least 1 of each".formatted(counts));
    }
    if (dim < counts.size()) {
      throw new IllegalArgumentException(
          "the features have %d dimensions for %d classes; expected at least as many as classes"
              .formatted(dim, counts.size()));
    }
    requireNonNegative("weight decay", weightDecay);
    requireNonNegative("feature decay", featureDecay);
    requireNonNegative("bias decay", biasDecay);
    requireNonNegative("hidden decay", hiddenDecay);
    requireNonNegative("noise", noise);
  }

  private static void requireNonNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the %s is %s; expected a finite number, 0 or more".formatted(name, value));
    }
  }

  /** As many samples of each class, one decay for everything but the bias, no noise. */
  public static ModelSettings balanced(int classes, int dim, int samples, double decay) {
    return new ModelSettings(
        dim, Collections.nCopies(classes, samples), decay, decay, 0, decay, 0, 0);
  }

  public ModelSettings withCounts(List<Integer> newCounts) {
    return new ModelSettings(
        dim, newCounts, weightDecay, featureDecay, biasDecay, hiddenDecay, noise, seed);
  }

  public ModelSettings withDecays(double newWeightDecay, double newFeatureDecay) {
    return new ModelSettings(
        dim, counts, newWeightDecay, newFeatureDecay, biasDecay, hiddenDecay, noise, seed);
  }

  public ModelSettings withBiasDecay(double newBiasDecay) {
    return new ModelSettings(
        dim, counts, weightDecay, featureDecay, newBiasDecay, hiddenDecay, noise, seed);
  }

  public ModelSettings withHiddenDecay(double newHiddenDecay) {
    return new ModelSettings(
        dim, counts, weightDecay, featureDecay, biasDecay, newHiddenDecay, noise, seed);
  }

  public ModelSettings withNoise(double newNoise, long newSeed) {
    return new ModelSettings(
        dim, counts, weightDecay, featureDecay, biasDecay, hiddenDecay, newNoise, newSeed);
  }

  /** K. */
  public int classes() {
    return counts.size();
  }

  /** N. */
  public int samples() {
    return counts.stream().mapToInt(n -> n).sum();
  }

  /**
   * n.
   *
   * @throws IllegalArgumentException if the classes differ
   */
  int samplesPerClass() {
    if (Collections.min(counts).equals(Collections.max(counts))) {
      return counts.get(0);
    }
    throw new IllegalArgumentException(
        "the samples by class are %s; this model takes as many of each".formatted(counts));
  }

  /** The class of each sample [N], the samples of a class side by side. */
  int[] labels() {
    int[] labels = new int[samples()];
    int at = 0;
    for (int k = 0; k < classes(); k++) {
      for (int i = 0; i < counts.get(k); i++) {
        labels[at++] = k;
      }
    }
    return labels;
  }
}
