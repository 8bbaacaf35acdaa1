package io.collapsewatch.analyzer.reference;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.analyzer.linalg.Products;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Unconstrained features under a classifier: loss(WH + b1ᵀ) + λ_W/2 ‖W‖² + λ_H/2 ‖H‖² + λ_b/2 ‖b‖²
 * over W [K×d], H [d×N] and, where the model has one, b [K×1].
 */
abstract class TwoFactorModel implements ReferenceModel {

  private static final int W = 0;
  private static final int H = 1;
  private static final int B = 2;

  private final ModelSettings settings;
  private final OutputLoss loss;
  private final boolean biased;
  private final double weightDecay;
  private final double featureDecay;
  private final int[] labels;

  TwoFactorModel(
      ModelSettings settings,
      OutputLoss loss,
      boolean biased,
      double weightDecay,
      double featureDecay) {
    this.settings = settings;
    this.loss = loss;
    this.biased = biased;
    this.weightDecay = weightDecay;
    this.featureDecay = featureDecay;
    this.labels = settings.labels();
  }

  @Override
  public final Parameters start(Random random) {
    Matrix w = Parameters.gaussian(settings.classes(), settings.dim(), 1, random);
    Matrix h = Parameters.gaussian(settings.dim(), labels.length, 1, random);
    return biased ? new Parameters(w, h, new Matrix(settings.classes(), 1)) : new Parameters(w, h);
  }

  @Override
  public final Evaluation evaluate(Parameters at, Parameters gradient) {
    Matrix outputs = outputs(at);
    Matrix byOutput = new Matrix(outputs.rows(), outputs.columns());
    Evaluation lost = loss.evaluate(outputs, labels, byOutput);
    Products.timesTransposed(byOutput, at.get(H), gradient.get(W));
    Products.transposedTimes(at.get(W), byOutput, gradient.get(H));
    double penalty = Decay.add(weightDecay, at.get(W), gradient.get(W));
    penalty += Decay.add(featureDecay, at.get(H), gradient.get(H));
    if (biased) {
      gradient.get(B).set(Decay.rowSums(byOutput));
      penalty += Decay.add(settings.biasDecay(), at.get(B), gradient.get(B));
    }
    return new Evaluation(lost.objective() + penalty, lost.lnGradientScale());
  }

  private Matrix outputs(Parameters at) {
    Matrix outputs = new Matrix(settings.classes(), labels.length);
    Products.times(at.get(W), at.get(H), outputs);
    if (biased) {
      outputs.addToEachColumn(at.get(B));
    }
    return outputs;
  }

  @Override
  public final List<SimulatedLayer> layers(Parameters at) {
    Optional<double[]> bias = biased ? Optional.of(at.get(B).toArray()) : Optional.empty();
    Classifier classifier =
        new Classifier(settings.classes(), settings.dim(), at.get(W).toArray(), bias);
    return List.of(new SimulatedLayer("penultimate", at.get(H), labels, Optional.of(classifier)));
  }
}
