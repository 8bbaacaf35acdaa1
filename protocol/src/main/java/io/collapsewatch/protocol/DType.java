package io.collapsewatch.protocol;

/** Element types of a {@link Tensor}, named as safetensors names them. */
public enum DType {
  F64(8, 53),
  F32(4, 24),
  F16(2, 11),
  BF16(2, 8),
  I64(8, 0),
  I32(4, 0),
  I16(2, 0),
  I8(1, 0),
  U64(8, 0),
  U32(4, 0),
  U16(2, 0),
  U8(1, 0);

  private final int bytes;
  private final int significantBits;

  /**
   * @param significantBits of a floating-point type, the implied one included; 0 for integers
   */
  DType(int bytes, int significantBits) {
    this.bytes = bytes;
    this.significantBits = significantBits;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether this is a floating-point type rather than an integer type. */
  public boolean floating() {
    return significantBits > 0;
  }

  /**
   * Unit roundoff u: the largest relative error of rounding a number to this type; 0 for integers.
   */
  public double roundoff() {
    return floating() ? Math.scalb(1.0, -significantBits) : 0;
  }
}
