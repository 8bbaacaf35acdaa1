package io.collapsewatch.analyzer.reference;

import java.util.OptionalDouble;

/** Heavy ball: v ← 0.9 v + ∇, x ← x − ηv. Source: Polyak 1964. */
final class Momentum implements Optimizer {

  private static final double KEEP = 0.9;

  private final double learningRate;
  private Parameters velocity;

  Momentum(double learningRate) {
    this.learningRate = learningRate;
  }

  @Override
  public Step step(ReferenceModel model, Parameters at) {
    Parameters gradient = at.zeros();
    Evaluation before = model.evaluate(at, gradient);
    if (velocity == null) {
      velocity = at.zeros();
    }
    velocity.scale(KEEP);
    velocity.add(1, gradient);
    at.add(-learningRate, velocity);
    return new Step(before, OptionalDouble.empty());
  }
}
