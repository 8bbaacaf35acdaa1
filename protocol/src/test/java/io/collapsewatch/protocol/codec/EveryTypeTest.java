package io.collapsewatch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.protocol.DType;
import io.collapsewatch.protocol.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A tensor of each type, with the values at which readers and writers come apart: minus zero, the
 * smallest positive number and the largest one, 1/10 as nearly as the type has it; the lowest and
 * the highest integer. The Python package has the same table in {@code tests/support/every_type.py}
 * and reads what is written here.
 */
class EveryTypeTest {

  private static final Map<DType, double[]> FLOATS =
      Map.of(
          DType.F64,
          new double[] {-0.0, 4.9e-324, Double.MAX_VALUE, -1.5, 0.25, 0.1},
          DType.F32,
          new double[] {-0.0, 0x1p-149, Float.MAX_VALUE, -1.5, 0.25, 0.10000000149011612},
          DType.F16,
          new double[] {-0.0, 0x1p-24, 65504, -1.5, 0.25, 0.0999755859375},
          DType.BF16,
          new double[] {-0.0, 0x1p-133, 3.3895313892515355e38, -1.5, 0.25, 0.10009765625});

  private static final Map<DType, long[]> INTEGERS =
      Map.of(
          DType.I64, new long[] {Long.MIN_VALUE, 7, Long.MAX_VALUE},
          DType.I32, new long[] {Integer.MIN_VALUE, 7, Integer.MAX_VALUE},
          DType.I16, new long[] {Short.MIN_VALUE, 7, Short.MAX_VALUE},
          DType.I8, new long[] {-128, 7, 127},
          DType.U64, new long[] {0, 7, -1},
          DType.U32, new long[] {0, 7, (1L << 32) - 1},
          DType.U16, new long[] {0, 7, (1 << 16) - 1},
          DType.U8, new long[] {0, 7, 255});

  /** The files were written once, by this class, the Python package and safetensors 0.8.0. */
  @ParameterizedTest
  @ValueSource(strings = {"every-type-java", "every-type-python", "every-type-safetensors"})
  void everyValueOfEveryTypeIsRead(String name) throws IOException {
    Map<String, Tensor> tensors = read(GoldenCapturesTest.golden(name));

    assertThat(tensors).hasSize(DType.values().length);
    FLOATS.forEach(
        (dtype, expected) -> {
          Tensor tensor = tensors.get(dtype.name());
          assertThat(tensor.dtype()).isEqualTo(dtype);
          assertThat(tensor.shape()).containsExactly(2, 3);
          assertThat(tensor.toDoubles()).as(dtype.name()).containsExactly(expected);
        });
    INTEGERS.forEach(
        (dtype, expected) -> {
          Tensor tensor = tensors.get(dtype.name());
          assertThat(tensor.dtype()).isEqualTo(dtype);
          assertThat(tensor.shape()).containsExactly(3);
          assertThat(LongStream.range(0, 3).map(i -> tensor.longAt((int) i)).toArray())
              .as(dtype.name())
              .containsExactly(expected);
        });
  }

  @Test
  void whatIsWrittenTodayIsWhatWasWrittenOnce() throws IOException {
    assertThat(new Safetensors(Map.of("written-by", "java"), tensors()).write())
        .isEqualTo(GoldenCapturesTest.golden("every-type-java"));
  }

  private static Map<String, Tensor> read(byte[] blob) {
    return Safetensors.read(ByteBuffer.wrap(blob)).tensors();
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (DType dtype : DType.values()) {
      tensors.put(dtype.name(), dtype.floating() ? floats(dtype) : integers(dtype));
    }
    return tensors;
  }

  private static Tensor floats(DType dtype) {
    ByteBuffer bytes = ByteBuffer.allocate(6 * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : FLOATS.get(dtype)) {
      switch (dtype) {
        case F64 -> bytes.putDouble(value);
        case F32 -> bytes.putFloat((float) value);
        case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits((float) value) >>> 16));
        default -> bytes.putShort(half(value));
      }
    }
    return new Tensor(dtype, new int[] {2, 3}, bytes.flip());
  }

  /** A number that half precision has, as its bits. */
  private static short half(double value) {
    int sign = Math.copySign(1, value) < 0 ? 1 << 15 : 0;
    double size = Math.abs(value);
    int exponent = Math.max(-15, Math.getExponent(size));
    double ulps = Math.scalb(size, 10 - Math.max(exponent, -14));
    return (short) (sign | (exponent + 15) << 10 | ((int) ulps & 0x3ff));
  }

  private static Tensor integers(DType dtype) {
    ByteBuffer bytes = ByteBuffer.allocate(3 * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : INTEGERS.get(dtype)) {
      switch (dtype.bytes()) {
        case 8 -> bytes.putLong(value);
        case 4 -> bytes.putInt((int) value);
        case 2 -> bytes.putShort((short) value);
        default -> bytes.put((byte) value);
      }
    }
    return new Tensor(dtype, new int[] {3}, bytes.flip());
  }
}
