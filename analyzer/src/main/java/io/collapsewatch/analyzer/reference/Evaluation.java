package io.collapsewatch.analyzer.reference;

/**
 * The objective at a point.
 *
 * @param objective its value
 * @param lnGradientScale the gradient is what was written times e to this: 0 but for a model whose
 *     gradient would underflow
 */
public record Evaluation(double objective, double lnGradientScale) {

  static Evaluation of(double objective) {
    return new Evaluation(objective, 0);
  }
}
