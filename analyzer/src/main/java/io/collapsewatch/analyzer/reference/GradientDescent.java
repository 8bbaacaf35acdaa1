package io.collapsewatch.analyzer.reference;

import java.util.OptionalDouble;

/** x ← x − η∇. Where the gradient is scaled, the step is scaled with it. */
final class GradientDescent implements Optimizer {

  private final double learningRate;

  GradientDescent(double learningRate) {
    this.learningRate = learningRate;
  }

  @Override
  public Step step(ReferenceModel model, Parameters at) {
    Parameters gradient = at.zeros();
    Evaluation before = model.evaluate(at, gradient);
    at.add(-learningRate, gradient);
    return new Step(before, OptionalDouble.of(Math.log(learningRate) - before.lnGradientScale()));
  }
}
