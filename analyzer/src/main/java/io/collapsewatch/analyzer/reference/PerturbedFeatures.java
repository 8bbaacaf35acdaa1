package io.collapsewatch.analyzer.reference;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.analyzer.linalg.Products;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * {@code perturbed-features}: (1/2Kn) ‖WH−Y‖² + λ_W/2 ‖W‖² over W alone, with H fixed at the
 * minimum of {@code mse-ufm} plus noise of variance σ². As n grows with λ̃ = nλ_H kept, W goes to
 * W₀/(1+σ²K√(λ̃/λ_W)). Source: Tirer and Bruna 2022, theorem 5.1.
 */
final class PerturbedFeatures implements ReferenceModel {

  private final ModelSettings settings;
  private final Equilibrium.OfClass unperturbed;
  private final Matrix features;
  private final int[] labels;

  /** The noise is drawn from the settings' seed. */
  PerturbedFeatures(ModelSettings settings) {
    this.settings = settings;
    this.labels = settings.labels();
    this.unperturbed =
        new MseUfm(settings)
            .equilibrium()
            .filter(Equilibrium::collapsed)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "with weight decay %s and feature decay %s there are no collapsed features to perturb; K√(nλ_Wλ_H) is to lie between 0 and 1"
                            .formatted(settings.weightDecay(), settings.featureDecay())))
            .byClass()
            .get(0);
    this.features =
        Parameters.gaussian(
            settings.dim(), labels.length, settings.noise(), new Random(settings.seed()));
    double length = Math.sqrt(unperturbed.featureNormSquared());
    for (int i = 0; i < labels.length; i++) {
      features.set(labels[i], i, features.get(labels[i], i) + length);
    }
  }

  @Override
  public Parameters start(Random random) {
    return new Parameters(Parameters.gaussian(settings.classes(), settings.dim(), 1, random));
  }

  @Override
  public Evaluation evaluate(Parameters at, Parameters gradient) {
    Matrix outputs = new Matrix(settings.classes(), labels.length);
    Products.times(at.get(0), features, outputs);
    Matrix byOutput = new Matrix(outputs.rows(), outputs.columns());
    Evaluation lost = OutputLoss.square(outputs, labels, byOutput);
    Products.timesTransposed(byOutput, features, gradient.get(0));
    return Evaluation.of(
        lost.objective() + Decay.add(settings.weightDecay(), at.get(0), gradient.get(0)));
  }

  /**
   * As n → ∞, with W₀ the classifier without noise. The margin is that of the class means; ‖h‖²
   * counts the noise.
   */
  @Override
  public Optional<Equilibrium> equilibrium() {
    double variance = settings.noise() * settings.noise();
    double decays = settings.samplesPerClass() * settings.featureDecay() / settings.weightDecay();
    double shrink = 1 / (1 + variance * settings.classes() * Math.sqrt(decays));
    double margin = unperturbed.margin() * shrink;
    return Optional.of(
        Equilibrium.alike(
            margin,
            unperturbed.weightNormSquared() * shrink * shrink,
            unperturbed.featureNormSquared() + variance * settings.dim(),
            (1 - margin) / 2));
  }

  @Override
  public List<SimulatedLayer> layers(Parameters at) {
    Classifier classifier =
        new Classifier(settings.classes(), settings.dim(), at.get(0).toArray(), Optional.empty());
    return List.of(new SimulatedLayer("penultimate", features, labels, Optional.of(classifier)));
  }
}
