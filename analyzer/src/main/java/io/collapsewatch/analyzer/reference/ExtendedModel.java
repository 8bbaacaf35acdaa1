package io.collapsewatch.analyzer.reference;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.analyzer.linalg.Products;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Unconstrained features under two layers: loss(W₂ σ(W₁H₁)) + λ₂/2 ‖W₂‖² + λ₁/2 ‖W₁‖² + λ_H/2 ‖H₁‖²
 * over W₂ [K×d], W₁ [d×d] and H₁ [d×N], with σ the identity or the rectifier.
 */
abstract class ExtendedModel implements ReferenceModel {

  /** From N(0,1) gradient descent with a step of 0.1 diverges. */
  private static final double START = 0.1;

  private static final int W2 = 0;
  private static final int W1 = 1;
  private static final int H1 = 2;

  private final ModelSettings settings;
  private final OutputLoss loss;
  private final boolean rectified;
  private final int[] labels;

  ExtendedModel(ModelSettings settings, OutputLoss loss, boolean rectified) {
    this.settings = settings;
    this.loss = loss;
    this.rectified = rectified;
    this.labels = settings.labels();
  }

  @Override
  public final Parameters start(Random random) {
    int d = settings.dim();
    return new Parameters(
        Parameters.gaussian(settings.classes(), d, START, random),
        Parameters.gaussian(d, d, START, random),
        Parameters.gaussian(d, labels.length, START, random));
  }

  @Override
  public final Evaluation evaluate(Parameters at, Parameters gradient) {
    Matrix hidden = hidden(at);
    Matrix outputs = new Matrix(settings.classes(), labels.length);
    Products.times(at.get(W2), hidden, outputs);
    Matrix byOutput = new Matrix(outputs.rows(), outputs.columns());
    Evaluation lost = loss.evaluate(outputs, labels, byOutput);
    Products.timesTransposed(byOutput, hidden, gradient.get(W2));
    Matrix byHidden = new Matrix(hidden.rows(), hidden.columns());
    Products.transposedTimes(at.get(W2), byOutput, byHidden);
    if (rectified) {
      byHidden.clearWhereZero(hidden);
    }
    Products.timesTransposed(byHidden, at.get(H1), gradient.get(W1));
    Products.transposedTimes(at.get(W1), byHidden, gradient.get(H1));
    double penalty = Decay.add(settings.weightDecay(), at.get(W2), gradient.get(W2));
    penalty += Decay.add(settings.hiddenDecay(), at.get(W1), gradient.get(W1));
    penalty += Decay.add(settings.featureDecay(), at.get(H1), gradient.get(H1));
    return new Evaluation(lost.objective() + penalty, lost.lnGradientScale());
  }

  /** σ(W₁H₁) [d×N]. */
  private Matrix hidden(Parameters at) {
    Matrix hidden = new Matrix(settings.dim(), labels.length);
    Products.times(at.get(W1), at.get(H1), hidden);
    if (rectified) {
      hidden.clearNegative();
    }
    return hidden;
  }

  /** σ(W₁H₁) under W₂, then H₁ under W₂W₁ where that makes the outputs. */
  @Override
  public final List<SimulatedLayer> layers(Parameters at) {
    return List.of(
        new SimulatedLayer("penultimate", hidden(at), labels, Optional.of(classifier(at.get(W2)))),
        new SimulatedLayer(
            "features",
            at.get(H1),
            labels,
            rectified ? Optional.empty() : Optional.of(classifier(product(at)))));
  }

  private Matrix product(Parameters at) {
    Matrix product = new Matrix(settings.classes(), settings.dim());
    Products.times(at.get(W2), at.get(W1), product);
    return product;
  }

  private static Classifier classifier(Matrix weight) {
    return new Classifier(weight.rows(), weight.columns(), weight.toArray(), Optional.empty());
  }
}
