package io.collapsewatch.analyzer.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatrixTest {

  /** Closed form: Σ j² for j < n; lengths around the four sums of the kernel. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 7, 8, 9})
  void dotCoversEveryElement(int n) {
    double[] numbers = IntStream.range(0, n).asDoubleStream().toArray();
    Matrix a = new Matrix(2, n);
    a.setRow(1, numbers);
    double squares = (n - 1) * n * (2 * n - 1) / 6.0;
    assertThat(a.dot(1, numbers)).isEqualTo(squares);
    assertThat(a.squaredNorm(1)).isEqualTo(squares);
    assertThat(a.norm()).isCloseTo(Math.sqrt(squares), within(1e-12));
  }

  @Test
  void centredRowsHaveNoMean() {
    Matrix a = new Matrix(2, 3, new double[] {1, 2, 3, 5, 6, 9});
    assertThat(a.meanRow()).containsExactly(3, 4, 6);
    assertThat(a.centred().row(0)).containsExactly(-2, -2, -3);
    assertThat(a.centred().row(1)).containsExactly(2, 2, 3);
    assertThat(new Matrix(0, 2).meanRow()).containsExactly(0, 0);
  }

  @Test
  void productHoldsTheDotsOfTheRows() {
    Matrix a = new Matrix(2, 2, new double[] {1, 2, 3, 4});
    Matrix b = new Matrix(3, 2, new double[] {1, 0, 0, 1, 1, 1});
    Matrix product = a.timesTransposed(b);
    assertThat(product.row(0)).containsExactly(1, 2, 3);
    assertThat(product.row(1)).containsExactly(3, 4, 7);
  }

  @Test
  void refusesAnArrayOfAnotherLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Matrix(2, 3, new double[5]))
        .withMessage("a matrix of 2×3 takes 6 numbers, not 5");
  }
}
