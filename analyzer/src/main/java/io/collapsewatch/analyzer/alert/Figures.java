package io.collapsewatch.analyzer.alert;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers in sentences for people: two digits, so that a sentence seldom changes. */
final class Figures {

  private static final MathContext TWO_DIGITS = new MathContext(2, RoundingMode.HALF_EVEN);
  private static final double SMALL = 1e-4;
  private static final double LARGE = 1e9;

  private static final long MINUTE = 60;
  private static final long HOUR = 3600;
  private static final long DAY = 86_400;

  private Figures() {}

  static String of(double value) {
    double size = Math.abs(value);
    if (size != 0 && (size < SMALL || size >= LARGE)) {
      return String.format(Locale.ROOT, "%.1e", value).replace('-', '−');
    }
    String plain = new BigDecimal(value).round(TWO_DIGITS).stripTrailingZeros().toPlainString();
    return plain.replace('-', '−');
  }

  /** A number of things. */
  static String of(double count, String thing) {
    String number = of(count);
    return number.equals("1") ? "1 " + thing : number + " " + thing + "s";
  }

  /** A time in the unit that fits it. */
  static String duration(double seconds) {
    if (seconds < 2 * MINUTE) {
      return of(seconds, "second");
    }
    if (seconds < 2 * HOUR) {
      return of(seconds / MINUTE, "minute");
    }
    return seconds < 2 * DAY ? of(seconds / HOUR, "hour") : of(seconds / DAY, "day");
  }
}
