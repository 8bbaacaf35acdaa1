package io.collapsewatch.analyzer.reference;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.linalg.Matrix;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * {@code rho-flow}: mean (1 − ρf̄)² + λρ² over the norm product ρ alone, with the normalised
 * outputs f̄ = yz/ρ of a binary network as they are; μ = mean f̄, m₂ = mean f̄². Its flow ρ̇ = 2(μ
 * − ρ(m₂+λ)) goes to ρ = μ/(m₂+λ). Source: Rangamani et al. 2021; lemma 2 corrected as in the
 * theory sheet, §3.
 */
final class RhoFlow implements ReferenceModel {

  private static final double START = 0.1;

  private final double decay;
  private final int[] labels;
  private final double[] normalised;
  private final double mean;
  private final double meanSquare;

  /** f̄ are drawn from N(1, σ²) with the settings' noise σ and seed; λ is the weight decay. */
  RhoFlow(ModelSettings settings) {
    if (settings.classes() != 2) {
      throw new IllegalArgumentException(
          "rho-flow is a model of two classes; %d were asked for".formatted(settings.classes()));
    }
    this.decay = settings.weightDecay();
    this.labels = settings.labels();
    this.normalised = new double[labels.length];
    Random random = new Random(settings.seed());
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < normalised.length; i++) {
      normalised[i] = 1 + settings.noise() * random.nextGaussian();
      sum += normalised[i];
      squares += normalised[i] * normalised[i];
    }
    this.mean = sum / normalised.length;
    this.meanSquare = squares / normalised.length;
  }

  @Override
  public Parameters start(Random random) {
    return new Parameters(new Matrix(1, 1, new double[] {START}));
  }

  @Override
  public Evaluation evaluate(Parameters at, Parameters gradient) {
    double rho = at.get(0).get(0, 0);
    gradient.get(0).set(0, 0, -rate(rho));
    return Evaluation.of(1 - 2 * rho * mean + rho * rho * (meanSquare + decay));
  }

  /** ρ̇ = 2(μ − ρ(m₂+λ)). */
  double rate(double rho) {
    return 2 * (mean - rho * (meanSquare + decay));
  }

  /**
   * ρ̇ = 2L ρ^{(2L−2)/L} (Σf̄ − ρΣf̄²) of L layers that are not normalised and have no decay.
   *
   * @param layers L ≥ 1
   */
  double deepRate(int layers, double rho) {
    double factor = 2.0 * layers * Math.pow(rho, (2.0 * layers - 2) / layers);
    return factor * normalised.length * (mean - rho * meanSquare);
  }

  /** Whether ρ̇ + (η/2)ρ̈, the model of gradient descent with step η, oscillates. */
  boolean underdamped(double step) {
    return 4 * step * (meanSquare + decay) > 1;
  }

  /** Whether the iterates of gradient descent with step η lie on both sides of the end in turn. */
  boolean alternates(double step) {
    return 2 * step * (meanSquare + decay) > 1;
  }

  /** Whether gradient descent with step η leaves for infinity. */
  boolean diverges(double step) {
    return 2 * step * (meanSquare + decay) > 2;
  }

  /** ρ = μ/(m₂+λ), as ‖w‖² = ρ²; the margin is the mean of ρf̄ and the feature norm that of f̄². */
  @Override
  public Optional<Equilibrium> equilibrium() {
    double rho = mean / (meanSquare + decay);
    return Optional.of(Equilibrium.alike(rho * mean, rho * rho, meanSquare, 1 - rho * mean));
  }

  /** yf̄ in one dimension, under ±ρ/2. */
  @Override
  public List<SimulatedLayer> layers(Parameters at) {
    Matrix features = new Matrix(1, labels.length);
    for (int i = 0; i < labels.length; i++) {
      features.set(0, i, (2 * labels[i] - 1) * normalised[i]);
    }
    double half = at.get(0).get(0, 0) / 2;
    Classifier classifier = new Classifier(2, 1, new double[] {-half, half}, Optional.empty());
    return List.of(new SimulatedLayer("penultimate", features, labels, Optional.of(classifier)));
  }
}
