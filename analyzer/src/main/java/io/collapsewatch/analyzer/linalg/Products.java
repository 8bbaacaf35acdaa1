package io.collapsewatch.analyzer.linalg;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Matrix products into matrices that are there already, for iterations that take one after the
 * other. An output must not be one of the inputs.
 */
public final class Products {

  private Products() {}

  /**
   * A·B.
   *
   * @param a [m×p]
   * @param b [p×n]
   * @param out [m×n], overwritten
   */
  public static void times(Matrix a, Matrix b, Matrix out) {
    CommonOps_DDRM.mult(wrap(a), wrap(b), wrap(out));
  }

  /**
   * Aᵀ·B.
   *
   * @param a [p×m]
   * @param b [p×n]
   * @param out [m×n], overwritten
   */
  public static void transposedTimes(Matrix a, Matrix b, Matrix out) {
    CommonOps_DDRM.multTransA(wrap(a), wrap(b), wrap(out));
  }

  /**
   * A·Bᵀ. Transposes B first: sums along the rows of both would go one number at a time.
   *
   * @param a [m×p]
   * @param b [n×p]
   * @param out [m×n], overwritten
   */
  public static void timesTransposed(Matrix a, Matrix b, Matrix out) {
    DMatrixRMaj transposed = CommonOps_DDRM.transpose(wrap(b), null);
    CommonOps_DDRM.mult(wrap(a), transposed, wrap(out));
  }

  private static DMatrixRMaj wrap(Matrix matrix) {
    return DMatrixRMaj.wrap(matrix.rows(), matrix.columns(), matrix.data());
  }
}
