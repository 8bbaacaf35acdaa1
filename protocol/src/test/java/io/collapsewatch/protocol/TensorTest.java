package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTest {

  /** Oracle: the little-endian encodings, written out by hand. */
  @ParameterizedTest
  @CsvSource({
    "F64, 000000000000f8bf, -1.5",
    "F32, 0000c0bf, -1.5",
    "F16, 00be, -1.5",
    "BF16, c0bf, -1.5",
    "I64, feffffffffffffff, -2",
    "I32, feffffff, -2",
    "I16, feff, -2",
    "I8, fe, -2",
    "U64, 0000000000000080, 9.223372036854775808e18",
    "U32, feffffff, 4294967294",
    "U16, feff, 65534",
    "U8, fe, 254",
  })
  void everyTypeIsReadFromItsLittleEndianBytes(DType dtype, String hex, double expected) {
    assertThat(tensor(dtype, hex, 1).doubleAt(0)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "I64, 0000000000000080, -9223372036854775808",
    "U64, ffffffffffffff7f, 9223372036854775807",
    "I32, 00000080, -2147483648",
    "U32, ffffffff, 4294967295",
    "I16, 0080, -32768",
    "U16, ffff, 65535",
    "I8, 80, -128",
    "U8, ff, 255",
  })
  void integersAreReadExactly(DType dtype, String hex, long expected) {
    assertThat(tensor(dtype, hex, 1).longAt(0)).isEqualTo(expected);
  }

  /** Oracle: BigInteger.doubleValue, which rounds half to even. */
  @ParameterizedTest
  @CsvSource({
    "9223372036854775808",
    "9223372036854776832",
    "9223372036854776833",
    "18446744073709550591",
    "18446744073709550592",
    "18446744073709551615",
  })
  void unsignedNumbersBeyondLongAreRoundedToTheNearestDouble(BigInteger value) {
    Tensor tensor =
        new Tensor(
            DType.U64,
            new int[] {1},
            ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value.longValue()));
    assertThat(tensor.doubleAt(0)).isEqualTo(value.doubleValue());
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F64", "F32", "F16", "BF16"})
  void aFloatingTypeHoldsNoIntegers(DType dtype) {
    Tensor tensor = tensor(dtype, "00".repeat(dtype.bytes()), 1);
    assertThatThrownBy(() -> tensor.longAt(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a tensor of type " + dtype + " holds no integers");
  }

  @Test
  void factoriesKeepTheirValues() {
    assertThat(Tensor.ofFloats(new float[] {1.25f, -2}, 2).toDoubles()).containsExactly(1.25, -2);
    assertThat(Tensor.ofDoubles(new double[] {Math.PI}, 1).doubleAt(0)).isEqualTo(Math.PI);
    assertThat(Tensor.ofInts(new int[] {Integer.MIN_VALUE}, 1).longAt(0))
        .isEqualTo(Integer.MIN_VALUE);
    assertThat(Tensor.ofLongs(new long[] {Long.MIN_VALUE}, 1).longAt(0)).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void rowsAreReadInRowMajorOrder() {
    double[] row = new double[3];
    matrix().readRow(1, row);
    assertThat(row).containsExactly(3, 4, 5);
  }

  @Test
  void aSliceSharesTheRowsInBetween() {
    Tensor slice = matrix().slice(1, 3);
    assertThat(slice.shape()).containsExactly(2, 3);
    assertThat(slice.toDoubles()).containsExactly(3, 4, 5, 6, 7, 8);
    assertThat(slice.slice(1, 2).toDoubles()).containsExactly(6, 7, 8);
    assertThat(slice.slice(1, 1).size()).isZero();
  }

  @Test
  void aSelectionCopiesRowsInTheOrderAskedFor() {
    Tensor selected = matrix().select(new int[] {3, 0, 3});
    assertThat(selected)
        .isEqualTo(Tensor.ofFloats(new float[] {9, 10, 11, 0, 1, 2, 9, 10, 11}, 3, 3));
  }

  @Test
  void aVectorIsSlicedAndSelectedByElement() {
    Tensor vector = Tensor.ofInts(new int[] {5, 6, 7}, 3);
    assertThat(vector.slice(1, 3)).isEqualTo(Tensor.ofInts(new int[] {6, 7}, 2));
    assertThat(vector.select(new int[] {2})).isEqualTo(Tensor.ofInts(new int[] {7}, 1));
  }

  @Test
  void aScalarHasOneRowOfOneColumn() {
    Tensor scalar = Tensor.ofDoubles(new double[] {7});
    assertThat(scalar.axes()).isZero();
    assertThat(scalar.rows()).isEqualTo(1);
    assertThat(scalar.columns()).isEqualTo(1);
    assertThat(scalar).hasToString("F64[]");
  }

  @Test
  void anAxisOfLengthZeroMeansNoElements() {
    Tensor empty = Tensor.ofFloats(new float[0], 0, 5);
    assertThat(empty.size()).isZero();
    assertThat(empty.finite()).isTrue();
    assertThat(empty.toDoubles()).isEmpty();
  }

  @Test
  void oneNumberThatIsNotFiniteIsNoticed() {
    assertThat(Tensor.ofFloats(new float[] {1, Float.MAX_VALUE}, 2).finite()).isTrue();
    assertThat(Tensor.ofFloats(new float[] {1, Float.NaN}, 2).finite()).isFalse();
    assertThat(Tensor.ofDoubles(new double[] {Double.NEGATIVE_INFINITY}, 1).finite()).isFalse();
    assertThat(tensor(DType.F16, "007c", 1).finite()).isFalse();
  }

  @Test
  void equalMeansSameTypeShapeAndBytes() {
    Tensor tensor = Tensor.ofInts(new int[] {1, 2}, 2);
    assertThat(tensor).isEqualTo(Tensor.ofInts(new int[] {1, 2}, 2));
    assertThat(tensor).hasSameHashCodeAs(Tensor.ofInts(new int[] {1, 2}, 2));
    assertThat(tensor).isNotEqualTo(Tensor.ofInts(new int[] {1, 3}, 2));
    assertThat(tensor).isNotEqualTo(Tensor.ofInts(new int[] {1, 2}, 1, 2));
    assertThat(tensor).isNotEqualTo(new Tensor(DType.U32, new int[] {2}, tensor.bytes()));
  }

  @Test
  void bytesAreReadOnly() {
    assertThat(matrix().bytes().isReadOnly()).isTrue();
    assertThat(matrix().bytes().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void anotherNumberOfBytesIsRefused() {
    assertThatThrownBy(() -> tensor(DType.F32, "00".repeat(20), 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tensor F32[2, 3] takes 24 bytes, not 20");
  }

  @Test
  void lengthsBelowZeroAreRefusedThoughTheirProductIsNot() {
    assertThatThrownBy(() -> tensor(DType.U8, "00", -1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tensor U8[-1, -1] has an axis of length -1");
  }

  @Test
  void shapesWhoseProductOverflowsAreRefused() {
    int most = Integer.MAX_VALUE;
    assertThatThrownBy(() -> tensor(DType.F64, "", most, most))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tensor F64[2147483647, 2147483647] takes more than 2⁶³ bytes, not 0");
    assertThat(Tensor.bytesOf(DType.U8, new int[] {most, most}))
        .isEqualTo(OptionalLong.of((long) most * most));
    assertThat(Tensor.bytesOf(DType.U8, new int[] {most, most, most})).isEmpty();
    assertThat(Tensor.bytesOf(DType.U8, new int[] {most, most, most, 0})).hasValue(0);
  }

  private static Tensor matrix() {
    return Tensor.ofFloats(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 4, 3);
  }

  private static Tensor tensor(DType dtype, String hex, int... shape) {
    return new Tensor(dtype, shape, ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }
}
