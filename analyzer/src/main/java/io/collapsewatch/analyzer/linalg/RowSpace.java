package io.collapsewatch.analyzer.linalg;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Singular values of a matrix A and the directions in the space of its rows that belong to them: A
 * = Σ_j σ_j x_j u_jᵀ. From the thin singular value decomposition of A itself: the eigenvalues of
 * AAᵀ would lose half the digits of a small σ.
 *
 * @param values [min(rows, columns)] σ_j, largest first; not to be modified
 * @param directions row j is u_j, of length 1
 */
@SuppressWarnings("ArrayRecordComponent") // read by index in one place; never compared
public record RowSpace(double[] values, Matrix directions) {

  /**
   * Decomposes {@code a}, which is not modified. Cost: O(rows · columns · min(rows, columns)).
   *
   * @throws LinearAlgebraException if the iteration does not converge, as with numbers that are not
   *     finite
   */
  public static RowSpace of(Matrix a) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(a.rows(), a.columns(), false, true, true);
    // The decomposition overwrites its input.
    if (!svd.decompose(new DMatrixRMaj(a.rows(), a.columns(), true, a.data().clone()))) {
      throw new LinearAlgebraException(
          "the singular values of a matrix of %d×%d did not converge"
              .formatted(a.rows(), a.columns()));
    }
    double[] values = svd.getSingularValues();
    DMatrixRMaj rows = svd.getV(null, true);
    int[] order = descending(values, Math.min(a.rows(), a.columns()));
    Matrix directions = new Matrix(rows.getNumRows(), rows.getNumCols(), rows.getData());
    return new RowSpace(
        IntStream.of(order).mapToDouble(j -> values[j]).toArray(), directions.select(order));
  }

  /** The first {@code count} values and directions. */
  public RowSpace first(int count) {
    return new RowSpace(
        Arrays.copyOf(values, count), directions.select(IntStream.range(0, count).toArray()));
  }

  // EJML leaves them in the order in which they converged.
  private static int[] descending(double[] values, int count) {
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingDouble(j -> -values[j]))
        .mapToInt(j -> j)
        .toArray();
  }
}
