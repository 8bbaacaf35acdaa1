package io.collapsewatch.analyzer.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowSpaceTest {

  /** By hand: 3 along the third axis, 2 along the first, nothing else. */
  @Test
  void findsTheDirectionsOfTheRowsLargestFirst() {
    RowSpace space = RowSpace.of(new Matrix(2, 3, new double[] {2, 0, 0, 0, 0, -3}));
    assertThat(space.values()).containsExactly(new double[] {3, 2}, within(1e-14));
    assertThat(Math.abs(space.directions().get(0, 2))).isCloseTo(1, within(1e-14));
    assertThat(Math.abs(space.directions().get(1, 0))).isCloseTo(1, within(1e-14));
  }

  /** Definition: ‖A u_j‖ = σ_j, u_j·u_k = δ_jk, Σσ² = ‖A‖². */
  @ParameterizedTest
  @CsvSource({"3, 20", "20, 3", "7, 7", "100, 128", "1, 5", "5, 1"})
  void directionsAreOrthonormalAndCarryTheNorm(int rows, int columns) {
    Random random = new Random(rows * 1000L + columns);
    double[] numbers = random.doubles((long) rows * columns, -1, 1).toArray();
    Matrix a = new Matrix(rows, columns, numbers.clone());
    RowSpace space = RowSpace.of(a);
    double squares = 0;
    for (int j = 0; j < space.values().length; j++) {
      Matrix u = space.directions().select(new int[] {j});
      assertThat(a.timesTransposed(u).norm()).isCloseTo(space.values()[j], within(1e-12));
      for (int k = 0; k <= j; k++) {
        assertThat(space.directions().dot(k, u.row(0))).isCloseTo(k == j ? 1 : 0, within(1e-12));
      }
      squares += space.values()[j] * space.values()[j];
    }
    assertThat(space.values()).hasSize(Math.min(rows, columns));
    assertThat(squares).isCloseTo(a.squaredNorm(), within(1e-10));
    assertThat(a.data()).as("the input").containsExactly(numbers);
  }

  /** σ² of 1e-14 beside 1 would be lost in the eigenvalues of AAᵀ. */
  @Test
  void keepsTheDigitsOfASmallValue() {
    RowSpace space = RowSpace.of(new Matrix(2, 2, new double[] {1, 1, 1, 1 + 1e-7}));
    // The product of both is the determinant, 1e-7; the larger is √(4 + 2e-7 + …) to 1e-14.
    assertThat(space.values()[0] * space.values()[1] / 1e-7).isCloseTo(1, within(1e-8));
  }

  @Test
  void numbersThatAreNotFiniteDoNotConverge() {
    Matrix a = new Matrix(2, 2, new double[] {1, Double.NaN, 3, 4});
    assertThatThrownBy(() -> RowSpace.of(a))
        .isInstanceOf(LinearAlgebraException.class)
        .hasMessage("the singular values of a matrix of 2×2 did not converge");
  }
}
