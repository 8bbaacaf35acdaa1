package io.collapsewatch.protocol;

import java.util.OptionalDouble;

/** Checks of the numbers of a capture; each failure is one sentence with the field's name. */
final class Ranges {

  private Ranges() {}

  static void requireRange(String field, long value, long min, long max) {
    if (value < min || value > max) {
      String expected = max == Long.MAX_VALUE ? "at least " + min : min + ".." + max;
      throw new MalformedCaptureException(
          "%s is %d; expected %s".formatted(field, value, expected));
    }
  }

  static void requireFinite(String field, double value) {
    require(Double.isFinite(value), field, value, "a finite number");
  }

  static void requireFinite(String field, OptionalDouble value) {
    value.ifPresent(x -> requireFinite(field, x));
  }

  static void requireNotNegative(String field, double value) {
    require(value >= 0 && Double.isFinite(value), field, value, "a finite number of at least 0");
  }

  static void requirePositive(String field, double value) {
    require(value > 0 && Double.isFinite(value), field, value, "a finite number above 0");
  }

  static void requireShare(String field, double value) {
    require(value >= 0 && value <= 1, field, value, "a share in 0..1");
  }

  static void requireText(String field, String text) {
    if (text.length() > Limits.TEXT) {
      throw new MalformedCaptureException(
          "%s %s has %d characters; expected at most %d"
              .formatted(field, Printable.quote(text), text.length(), Limits.TEXT));
    }
  }

  static void requireBounded(String field, double value) {
    require(
        Math.abs(value) <= Limits.MARGIN,
        field,
        value,
        "a number within ±%s".formatted(Limits.MARGIN));
  }

  private static void require(boolean met, String field, double value, String expected) {
    if (!met) {
      throw new MalformedCaptureException(
          "%s is %s; expected %s".formatted(field, value, expected));
    }
  }
}
