package io.collapsewatch.protocol;

/** Element types of a {@link Tensor}, named as safetensors names them. */
public enum DType {
  F64(8, true),
  F32(4, true),
  F16(2, true),
  BF16(2, true),
  I64(8, false),
  I32(4, false),
  I16(2, false),
  I8(1, false),
  U64(8, false),
  U32(4, false),
  U16(2, false),
  U8(1, false);

  private final int bytes;
  private final boolean floating;

  DType(int bytes, boolean floating) {
    this.bytes = bytes;
    this.floating = floating;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether this is a floating-point type rather than an integer type. */
  public boolean floating() {
    return floating;
  }
}
