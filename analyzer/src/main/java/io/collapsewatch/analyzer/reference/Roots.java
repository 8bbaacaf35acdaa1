package io.collapsewatch.analyzer.reference;

import java.util.function.DoubleUnaryOperator;

/** Roots of functions of one variable. */
final class Roots {

  private Roots() {}

  /**
   * Where a function that falls from ≥ 0 at {@code low} to ≤ 0 at {@code high} crosses 0, to the
   * last digit, by bisection.
   */
  static double falling(DoubleUnaryOperator function, double low, double high) {
    double below = low;
    double above = high;
    while (true) {
      double middle = below + (above - below) / 2;
      if (middle <= below || middle >= above) {
        return middle;
      }
      if (function.applyAsDouble(middle) > 0) {
        below = middle;
      } else {
        above = middle;
      }
    }
  }
}
