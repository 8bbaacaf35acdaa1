package io.collapsewatch.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * A dense array of numbers as it was captured: element type, shape (row-major, at most two axes
 * matter here) and little-endian bytes. The bytes are kept as they came, so that single and half
 * precision cost what they cost on the wire; reading one element widens it exactly to double or
 * long. Immutable: nothing writes to the bytes after construction.
 */
public final class Tensor {

  private final DType dtype;
  private final int[] shape;
  private final ByteBuffer data;

  /**
   * @param dtype element type
   * @param shape lengths of the axes, outermost first; empty for a scalar
   * @param data exactly as many bytes as type and shape ask for; not copied, not to be modified
   * @throws IllegalArgumentException if the number of bytes is another or a length is negative
   */
  public Tensor(DType dtype, int[] shape, ByteBuffer data) {
    for (int length : shape) {
      if (length < 0) {
        throw new IllegalArgumentException(
            "a tensor %s%s has an axis of length %d"
                .formatted(dtype, Arrays.toString(shape), length));
      }
    }
    OptionalLong expected = bytesOf(dtype, shape);
    if (expected.isEmpty() || data.remaining() != expected.getAsLong()) {
      throw new IllegalArgumentException(
          "a tensor %s%s takes %s bytes, not %d"
              .formatted(
                  dtype,
                  Arrays.toString(shape),
                  expected.isPresent() ? expected.getAsLong() : "more than 2⁶³",
                  data.remaining()));
    }
    this.dtype = dtype;
    this.shape = shape.clone();
    this.data = data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Bytes of a tensor of that type and shape, lengths ≥ 0; empty where they are 2⁶³ or more. With
   * an axis of length 0 it is 0 bytes, whatever the other axes are.
   */
  public static OptionalLong bytesOf(DType dtype, int[] shape) {
    long bytes = Arrays.stream(shape).anyMatch(length -> length == 0) ? 0 : dtype.bytes();
    for (int length : shape) {
      if (Math.multiplyHigh(bytes, (long) length) != 0 || bytes * length < 0) {
        return OptionalLong.empty();
      }
      bytes *= length;
    }
    return OptionalLong.of(bytes);
  }

  /** A copy of {@code values} as F32. */
  public static Tensor ofFloats(float[] values, int... shape) {
    ByteBuffer bytes = littleEndian(4 * values.length);
    bytes.asFloatBuffer().put(values);
    return new Tensor(DType.F32, shape, bytes);
  }

  /** A copy of {@code values} as F64. */
  public static Tensor ofDoubles(double[] values, int... shape) {
    ByteBuffer bytes = littleEndian(8 * values.length);
    bytes.asDoubleBuffer().put(values);
    return new Tensor(DType.F64, shape, bytes);
  }

  /** A copy of {@code values} as I32. */
  public static Tensor ofInts(int[] values, int... shape) {
    ByteBuffer bytes = littleEndian(4 * values.length);
    bytes.asIntBuffer().put(values);
    return new Tensor(DType.I32, shape, bytes);
  }

  /** A copy of {@code values} as I64. */
  public static Tensor ofLongs(long[] values, int... shape) {
    ByteBuffer bytes = littleEndian(8 * values.length);
    bytes.asLongBuffer().put(values);
    return new Tensor(DType.I64, shape, bytes);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  public DType dtype() {
    return dtype;
  }

  /** Number of axes. */
  public int axes() {
    return shape.length;
  }

  /** Length of axis {@code i}. */
  public int length(int i) {
    return shape[i];
  }

  /** A copy of the lengths of all axes. */
  public int[] shape() {
    return shape.clone();
  }

  /** Number of elements. */
  public int size() {
    return data.remaining() / dtype.bytes();
  }

  /** Length of the first axis; 1 for a scalar. */
  public int rows() {
    return shape.length == 0 ? 1 : shape[0];
  }

  /** Elements of one row: the product of all axes but the first. */
  public int columns() {
    int columns = 1;
    for (int i = 1; i < shape.length; i++) {
      columns *= shape[i];
    }
    return columns;
  }

  /** Element {@code i} in row-major order, widened exactly; U64 and I64 beyond 2⁵³ are rounded. */
  public double doubleAt(int i) {
    return switch (dtype) {
      case F64 -> data.getDouble(8 * i);
      case F32 -> data.getFloat(4 * i);
      case F16 -> HalfPrecision.float16(data.getShort(2 * i));
      case BF16 -> HalfPrecision.bfloat16(data.getShort(2 * i));
      case U64 -> unsignedToDouble(data.getLong(8 * i));
      default -> (double) longAt(i);
    };
  }

  /**
   * Element {@code i} in row-major order. A U64 above 2⁶³−1 comes out negative.
   *
   * @throws IllegalStateException if the elements are no integers
   */
  public long longAt(int i) {
    return switch (dtype) {
      case I64, U64 -> data.getLong(8 * i);
      case I32 -> data.getInt(4 * i);
      case U32 -> Integer.toUnsignedLong(data.getInt(4 * i));
      case I16 -> data.getShort(2 * i);
      case U16 -> Short.toUnsignedLong(data.getShort(2 * i));
      case I8 -> data.get(i);
      case U8 -> Byte.toUnsignedLong(data.get(i));
      case F64, F32, F16, BF16 ->
          throw new IllegalStateException("a tensor of type " + dtype + " holds no integers");
    };
  }

  private static double unsignedToDouble(long value) {
    return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
  }

  /** Writes row {@code row} ({@link #columns} elements) to the start of {@code out}. */
  public void readRow(int row, double[] out) {
    int columns = columns();
    int first = row * columns;
    for (int j = 0; j < columns; j++) {
      out[j] = doubleAt(first + j);
    }
  }

  /** All elements, widened to double, in a new array. */
  public double[] toDoubles() {
    double[] out = new double[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = doubleAt(i);
    }
    return out;
  }

  /** Whether every element is finite; always so for integers. */
  public boolean finite() {
    if (!dtype.floating()) {
      return true;
    }
    for (int i = 0; i < size(); i++) {
      if (!Double.isFinite(doubleAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive), sharing the bytes. */
  public Tensor slice(int from, int to) {
    int rowBytes = columns() * dtype.bytes();
    int[] sliced = shape.clone();
    sliced[0] = to - from;
    return new Tensor(dtype, sliced, data.slice(from * rowBytes, (to - from) * rowBytes));
  }

  /** The rows with the given indices, in that order, copied. */
  public Tensor select(int[] rows) {
    int rowBytes = columns() * dtype.bytes();
    ByteBuffer chosen = littleEndian(rows.length * rowBytes);
    for (int row : rows) {
      chosen.put(data.slice(row * rowBytes, rowBytes));
    }
    int[] selected = shape.clone();
    selected[0] = rows.length;
    return new Tensor(dtype, selected, chosen.flip());
  }

  /** A read-only view of the bytes, little-endian, from position 0. */
  public ByteBuffer bytes() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that
        && dtype == that.dtype
        && Arrays.equals(shape, that.shape)
        && data.equals(that.data);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * dtype.hashCode() + Arrays.hashCode(shape)) + data.hashCode();
  }

  @Override
  public String toString() {
    return dtype + Arrays.toString(shape);
  }
}
