package io.collapsewatch.launcher.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers as people read them in a table. */
public final class Figures {

  /** Stands where a number is undefined. */
  public static final String UNDEFINED = "–";

  private static final double SMALL = 1e-3;
  private static final double LARGE = 1e6;

  private Figures() {}

  /**
   * A finite number with {@code digits} significant digits; a whole number as it is, a very small
   * or large one with an exponent.
   */
  public static String of(double value, int digits) {
    double size = Math.abs(value);
    if (size < LARGE && value == Math.rint(value)) {
      return Long.toString((long) value);
    }
    if (size < SMALL || size >= LARGE) {
      return String.format(Locale.ROOT, "%." + (digits - 1) + "e", value);
    }
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    return rounded.setScale(digits - rounded.precision() + rounded.scale()).toPlainString();
  }

  /** The same, or a dash. */
  public static String of(OptionalDouble value, int digits) {
    return value.isPresent() ? of(value.getAsDouble(), digits) : UNDEFINED;
  }
}
