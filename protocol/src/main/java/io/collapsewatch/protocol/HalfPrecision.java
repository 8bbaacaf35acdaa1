package io.collapsewatch.protocol;

/** Half-precision numbers as floats; {@code Float.float16ToFloat} exists only from JDK 20 on. */
final class HalfPrecision {

  private HalfPrecision() {}

  /** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. Exact, subnormals too. */
  static float float16(short bits) {
    int exponent = (bits >>> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Float.intBitsToFloat((exponent + 127 - 15) << 23 | fraction << 13);
        };
    return bits < 0 ? -magnitude : magnitude;
  }

  /** bfloat16: the upper half of an IEEE 754 binary32. */
  static float bfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
