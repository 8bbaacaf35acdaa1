package io.collapsewatch.protocol;

import java.util.OptionalDouble;

/**
 * A number beside what theory says that it goes to.
 *
 * @param measured finite
 * @param predicted by theory, where it says something with the numbers at hand
 * @param ratio measured/predicted; absent where nothing or 0 is predicted
 */
public record TheoryCheck(double measured, OptionalDouble predicted, OptionalDouble ratio) {

  /**
   * @throws IllegalArgumentException if a number is not finite: such a number is to be left out
   */
  public TheoryCheck {
    requireFinite(measured);
    predicted.ifPresent(TheoryCheck::requireFinite);
    ratio.ifPresent(TheoryCheck::requireFinite);
  }

  /** Of two finite numbers; without a ratio where it is not finite. */
  public static TheoryCheck of(double measured, double predicted) {
    double ratio = measured / predicted;
    return new TheoryCheck(
        measured,
        OptionalDouble.of(predicted),
        Double.isFinite(ratio) ? OptionalDouble.of(ratio) : OptionalDouble.empty());
  }

  private static void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "%s in a check of theory; expected a finite number or nothing".formatted(value));
    }
  }
}
