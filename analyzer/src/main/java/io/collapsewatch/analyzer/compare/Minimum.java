package io.collapsewatch.analyzer.compare;

import java.util.function.DoubleUnaryOperator;

/** The least value of a function of one number that may have several valleys. */
final class Minimum {

  private static final int GRID = 200;
  private static final int REFINEMENTS = 40;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private Minimum() {}

  /**
   * Where {@code f} is least between two numbers: on a grid first, then between the neighbours of
   * the best point by golden section.
   */
  static double of(DoubleUnaryOperator f, double from, double to) {
    double spacing = (to - from) / GRID;
    double best = from;
    double least = f.applyAsDouble(from);
    for (int i = 1; i <= GRID; i++) {
      double value = f.applyAsDouble(from + i * spacing);
      if (value < least) {
        least = value;
        best = from + i * spacing;
      }
    }
    return goldenSection(f, Math.max(from, best - spacing), Math.min(to, best + spacing));
  }

  private static double goldenSection(DoubleUnaryOperator f, double from, double to) {
    double low = from;
    double high = to;
    for (int i = 0; i < REFINEMENTS; i++) {
      double left = high - GOLDEN * (high - low);
      double right = low + GOLDEN * (high - low);
      if (f.applyAsDouble(left) <= f.applyAsDouble(right)) {
        high = right;
      } else {
        low = left;
      }
    }
    return (low + high) / 2;
  }
}
