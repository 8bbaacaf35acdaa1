package io.collapsewatch.analyzer.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedRowsTest {

  /** Oracle: the plain loops over whole numbers, where every sum is exact; sizes around a tile. */
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 4", "10, 127", "255, 129", "256, 128", "257, 130", "600, 3"})
  void dotsAndDistancesCoverEveryElement(int vectors, int dim) {
    Matrix v = wholeNumbers(vectors, dim, 1);
    Matrix x = wholeNumbers(5, dim, 2);
    PackedRows packed = new PackedRows(v);
    assertThat(packed.dots(x).data()).isEqualTo(plain(x, v, 0).data());
    assertThat(packed.squaredDistances(x).data()).isEqualTo(plain(x, v, 1).data());
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "10, 127", "257, 5", "600, 2"})
  void pairsOfOneMatrixAreCoveredToo(int rows, int dim) {
    Matrix x = wholeNumbers(rows, dim, 3);
    assertThat(x.gram().data()).isEqualTo(plain(x, x, 0).data());
    assertThat(x.squaredDistances().data()).isEqualTo(plain(x, x, 1).data());
  }

  /** What a report promises: the same bits, whatever else is computed beside. */
  @Test
  void sumsDependOnTheTwoVectorsOnly() {
    Matrix v = fractions(300, 133, 4);
    Matrix x = fractions(7, 133, 5);
    Matrix dots = new PackedRows(v).dots(x);
    Matrix distances = new PackedRows(v).squaredDistances(x);
    for (int k : new int[] {0, 1, 255, 256, 299}) {
      Matrix alone = v.select(new int[] {k});
      for (int i = 0; i < x.rows(); i++) {
        Matrix one = x.select(new int[] {i});
        assertThat(alone.timesTransposed(one).get(0, 0)).isEqualTo(dots.get(i, k));
        assertThat(new PackedRows(one).squaredDistances(alone).get(0, 0))
            .isEqualTo(distances.get(i, k));
      }
    }
  }

  @Test
  void distancesFarFromTheOriginKeepTheirDigits() {
    double far = 0x1p40;
    Matrix v = new Matrix(2, 1, new double[] {far, far + 0x1p-10});
    Matrix distances = new PackedRows(v).squaredDistances(new Matrix(1, 1, new double[] {far}));
    assertThat(distances.row(0)).containsExactly(0, 0x1p-20);
  }

  @Test
  void noVectorsHaveNoDots() {
    assertThat(new PackedRows(new Matrix(0, 4)).dots(new Matrix(3, 4)).data()).isEmpty();
    assertThat(new Matrix(0, 4).gram().data()).isEmpty();
  }

  @Test
  void refusesRowsOfAnotherWidth() {
    PackedRows packed = new PackedRows(new Matrix(2, 4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> packed.dots(new Matrix(3, 5)))
        .withMessage("rows of 5 numbers with vectors of 4; expected as many");
  }

  private static Matrix plain(Matrix x, Matrix v, int minus) {
    Matrix sums = new Matrix(x.rows(), v.rows());
    for (int i = 0; i < x.rows(); i++) {
      for (int k = 0; k < v.rows(); k++) {
        double sum = 0;
        for (int j = 0; j < x.columns(); j++) {
          double difference = x.get(i, j) - v.get(k, j);
          sum += minus == 1 ? difference * difference : x.get(i, j) * v.get(k, j);
        }
        sums.set(i, k, sum);
      }
    }
    return sums;
  }

  private static Matrix wholeNumbers(int rows, int columns, long seed) {
    Random random = new Random(seed);
    double[] numbers = random.ints((long) rows * columns, -99, 100).asDoubleStream().toArray();
    return new Matrix(rows, columns, numbers);
  }

  private static Matrix fractions(int rows, int columns, long seed) {
    double[] numbers = new Random(seed).doubles((long) rows * columns, -1, 1).toArray();
    return new Matrix(rows, columns, numbers);
  }
}
