package io.collapsewatch.launcher;

import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.analyzer.reference.ModelSettings;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Option;

/** Size and regularisers of a reference model. */
final class ModelOptions {

  @Option(
      names = "--classes",
      paramLabel = "K",
      description = "Classes (4; as many as --class-counts has; 2 for rho-flow).")
  private Integer classes;

  @Option(
      names = "--dim",
      paramLabel = "D",
      defaultValue = "20",
      description = "Width of the features (${DEFAULT-VALUE}).")
  private int dim;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "50",
      description = "Samples of each class (${DEFAULT-VALUE}).")
  private int samples;

  @Option(
      names = "--class-counts",
      paramLabel = "N",
      split = ",",
      description = "Samples of each class where they differ: 50,50,20,10.")
  private List<Integer> classCounts;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      defaultValue = "0.005",
      description = "λ_W of the classifier, λ of rho-flow (${DEFAULT-VALUE}).")
  private double weightDecay;

  @Option(
      names = "--feature-decay",
      paramLabel = "X",
      defaultValue = "0.005",
      description = "λ_H of the features (${DEFAULT-VALUE}).")
  private double featureDecay;

  @Option(
      names = "--bias-decay",
      paramLabel = "X",
      defaultValue = "0",
      description = "λ_b of the bias (${DEFAULT-VALUE}).")
  private double biasDecay;

  @Option(
      names = "--hidden-decay",
      paramLabel = "X",
      defaultValue = "0.005",
      description = "λ_1 of the hidden layer of the extended models (${DEFAULT-VALUE}).")
  private double hiddenDecay;

  @Option(
      names = "--noise",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Standard deviation of the noise in perturbed-features and rho-flow (${DEFAULT-VALUE}).")
  private double noise;

  /**
   * The settings of a model.
   *
   * @param seed of the noise
   * @throws IllegalArgumentException if no model can have them, in one sentence
   */
  ModelSettings settings(ModelKind kind, long seed) {
    return new ModelSettings(
        dim, counts(kind), weightDecay, featureDecay, biasDecay, hiddenDecay, noise, seed);
  }

  private List<Integer> counts(ModelKind kind) {
    if (classCounts == null) {
      int number = classes != null ? classes : kind == ModelKind.RHO_FLOW ? 2 : 4;
      return Collections.nCopies(Math.max(0, number), samples);
    }
    if (classes != null && classes != classCounts.size()) {
      throw new IllegalArgumentException(
          "--classes is %d and --class-counts has %d numbers; expected as many"
              .formatted(classes, classCounts.size()));
    }
    return classCounts;
  }
}
