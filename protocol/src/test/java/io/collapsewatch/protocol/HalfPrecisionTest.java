package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfPrecisionTest {

  /** Oracle: IEEE 754 §3.4, the value as significand times a power of two, by Math.scalb. */
  @Test
  void everyBinary16HasTheValueOfItsDefinition() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      Float expected = (float) value(bits, 5, 10);
      assertThat(HalfPrecision.float16((short) bits)).as("%04x", bits).isEqualTo(expected);
    }
  }

  @Test
  void everyBfloat16HasTheValueOfItsDefinition() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      Float expected = (float) value(bits, 8, 7);
      assertThat(HalfPrecision.bfloat16((short) bits)).as("%04x", bits).isEqualTo(expected);
    }
  }

  private static double value(int bits, int exponentBits, int fractionBits) {
    int bias = (1 << (exponentBits - 1)) - 1;
    int exponent = bits >> fractionBits & ((1 << exponentBits) - 1);
    int fraction = bits & ((1 << fractionBits) - 1);
    double sign = bits >> 15 == 1 ? -1 : 1;
    if (exponent == (1 << exponentBits) - 1) {
      return fraction == 0 ? sign / 0.0 : Double.NaN;
    }
    int significand = exponent == 0 ? fraction : fraction + (1 << fractionBits);
    return sign * Math.scalb((double) significand, Math.max(exponent, 1) - bias - fractionBits);
  }
}
