package io.collapsewatch.analyzer.linalg;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** A scatter matrix S [d×d] = Σ r rᵀ that grows by blocks of rows r. Mutable, not thread-safe. */
public final class Scatter {

  /** The largest d: the d² numbers lie in one array. */
  public static final int MAX_DIM = 46_340;

  private final DMatrixRMaj sum;

  /**
   * S = 0. Takes 8·d² bytes.
   *
   * @throws IllegalArgumentException if {@code dim} is not in 1..{@value #MAX_DIM}
   */
  public Scatter(int dim) {
    if (dim < 1 || dim > MAX_DIM) {
      throw new IllegalArgumentException(
          "a scatter matrix of %d dimensions; expected 1..%d".formatted(dim, MAX_DIM));
    }
    this.sum = new DMatrixRMaj(dim, dim);
  }

  /** S += RᵀR for rows R [n×d], which is not modified. Cost: n·d². */
  public void addRows(Matrix rows) {
    if (rows.rows() == 0) {
      return;
    }
    DMatrixRMaj r = DMatrixRMaj.wrap(rows.rows(), rows.columns(), rows.data());
    CommonOps_DDRM.multAddTransA(r, r, sum);
  }

  /** S += the other's S. */
  public void add(Scatter other) {
    CommonOps_DDRM.addEquals(sum, other.sum);
  }

  /** u_jᵀSu_j for the rows u_j of {@code directions} [r×d], in a new array [r]. Cost: r·d². */
  public double[] along(Matrix directions) {
    int dim = sum.getNumCols();
    Matrix images = new PackedRows(directions).dots(new Matrix(dim, dim, sum.getData()));
    double[] along = new double[directions.rows()];
    for (int i = 0; i < dim; i++) {
      for (int j = 0; j < along.length; j++) {
        along[j] += directions.get(j, i) * images.get(i, j);
      }
    }
    return along;
  }

  /** A copy of row {@code i} [d]. */
  public double[] row(int i) {
    double[] row = new double[sum.getNumCols()];
    System.arraycopy(sum.getData(), i * row.length, row, 0, row.length);
    return row;
  }

  /** Overwrites row {@code i} with {@code row} [d]. */
  public void setRow(int i, double[] row) {
    System.arraycopy(row, 0, sum.getData(), i * row.length, row.length);
  }
}
