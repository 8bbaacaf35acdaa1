package io.collapsewatch.analyzer.reference;

import java.util.OptionalDouble;

/**
 * m ← β₁m + (1−β₁)∇, v ← β₂v + (1−β₂)∇², x ← x − η m̂/(√v̂ + ε) with the means corrected for their
 * start, β₁ = 0.9, β₂ = 0.999, ε = 1e-8. Source: Kingma and Ba 2015.
 */
final class Adam implements Optimizer {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final double learningRate;
  private double[] first;
  private double[] second;
  private long steps;

  Adam(double learningRate) {
    this.learningRate = learningRate;
  }

  @Override
  public Step step(ReferenceModel model, Parameters at) {
    Parameters gradient = at.zeros();
    Evaluation before = model.evaluate(at, gradient);
    double[] slope = gradient.toArray();
    if (first == null) {
      first = new double[slope.length];
      second = new double[slope.length];
    }
    steps++;
    double[] moved = at.toArray();
    double firstWeight = 1 - Math.pow(BETA1, (double) steps);
    double secondWeight = 1 - Math.pow(BETA2, (double) steps);
    for (int i = 0; i < moved.length; i++) {
      first[i] = BETA1 * first[i] + (1 - BETA1) * slope[i];
      second[i] = BETA2 * second[i] + (1 - BETA2) * slope[i] * slope[i];
      moved[i] -=
          learningRate * (first[i] / firstWeight) / (Math.sqrt(second[i] / secondWeight) + EPSILON);
    }
    at.set(moved);
    return new Step(before, OptionalDouble.empty());
  }
}
