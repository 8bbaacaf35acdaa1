package io.collapsewatch.analyzer.linalg;

import java.util.Arrays;

/**
 * A dense matrix of doubles, row-major, whose rows are vectors: class means, classifiers,
 * directions. Every sum runs in a fixed order, so the same numbers give the same bits.
 */
public final class Matrix {

  private final int rows;
  private final int columns;
  private final double[] data;

  /** All zeros. */
  public Matrix(int rows, int columns) {
    this(rows, columns, new double[Math.multiplyExact(rows, columns)]);
  }

  /**
   * @param data [rows·columns], row-major; not copied, so later changes show
   * @throws IllegalArgumentException if {@code data} has another length
   */
  public Matrix(int rows, int columns, double[] data) {
    if (data.length != (long) rows * columns) {
      throw new IllegalArgumentException(
          "a matrix of %d×%d takes %d numbers, not %d"
              .formatted(rows, columns, (long) rows * columns, data.length));
    }
    this.rows = rows;
    this.columns = columns;
    this.data = data;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  public double get(int row, int column) {
    return data[row * columns + column];
  }

  public void set(int row, int column, double value) {
    data[row * columns + column] = value;
  }

  /** A copy of row {@code row}. */
  public double[] row(int row) {
    return Arrays.copyOfRange(data, row * columns, (row + 1) * columns);
  }

  /** Overwrites row {@code row} with {@code values} [columns]. */
  public void setRow(int row, double[] values) {
    System.arraycopy(values, 0, data, row * columns, columns);
  }

  /** Adds {@code factor} · {@code x} [columns] to row {@code row}. */
  public void addToRow(int row, double factor, double[] x) {
    int at = row * columns;
    for (int j = 0; j < columns; j++) {
      data[at + j] += factor * x[j];
    }
  }

  /** Divides row {@code row} by {@code divisor}. */
  public void divideRow(int row, double divisor) {
    for (int j = row * columns; j < (row + 1) * columns; j++) {
      data[j] /= divisor;
    }
  }

  /** The rows with the given indices, in that order, copied. */
  public Matrix select(int[] chosen) {
    Matrix selected = new Matrix(chosen.length, columns);
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(data, chosen[i] * columns, selected.data, i * columns, columns);
    }
    return selected;
  }

  /** Every row plus {@code factor} · {@code x} [columns], in a new matrix. */
  public Matrix plusToEachRow(double factor, double[] x) {
    Matrix sum = new Matrix(rows, columns, data.clone());
    for (int i = 0; i < rows; i++) {
      sum.addToRow(i, factor, x);
    }
    return sum;
  }

  /** The mean of the rows [columns]; zeros where there is no row. */
  public double[] meanRow() {
    double[] mean = new double[columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        mean[j] += data[i * columns + j];
      }
    }
    for (int j = 0; j < columns && rows > 0; j++) {
      mean[j] /= rows;
    }
    return mean;
  }

  /** The rows minus their mean row, in a new matrix. */
  public Matrix centred() {
    return plusToEachRow(-1, meanRow());
  }

  /** Dot product of two vectors of the same length. */
  public static double dot(double[] a, double[] b) {
    return dot(a, 0, b, 0, a.length);
  }

  /** Dot product of row {@code row} and {@code x} [columns]. */
  public double dot(int row, double[] x) {
    return dot(data, row * columns, x, 0, columns);
  }

  /** Squared length of row {@code row}. */
  public double squaredNorm(int row) {
    return dot(data, row * columns, data, row * columns, columns);
  }

  /** Squared Frobenius norm. */
  public double squaredNorm() {
    return dot(data, 0, data, 0, data.length);
  }

  /** Frobenius norm. */
  public double norm() {
    return Math.sqrt(squaredNorm());
  }

  /** Adds {@code factor} · {@code other}, of the same shape. */
  public void add(double factor, Matrix other) {
    for (int i = 0; i < data.length; i++) {
      data[i] += factor * other.data[i];
    }
  }

  /** Multiplies every number by {@code factor}. */
  public void scale(double factor) {
    for (int i = 0; i < data.length; i++) {
      data[i] *= factor;
    }
  }

  /** Overwrites every number with that of {@code other}, of the same shape. */
  public void set(Matrix other) {
    System.arraycopy(other.data, 0, data, 0, data.length);
  }

  /** Sum of the products of the numbers in the same place. */
  public double dot(Matrix other) {
    return dot(data, 0, other.data, 0, data.length);
  }

  /** The numbers, row by row, in a new array. */
  public double[] toArray() {
    return data.clone();
  }

  /** Adds {@code column} [rows×1] to each column. */
  public void addToEachColumn(Matrix column) {
    for (int i = 0; i < rows; i++) {
      for (int j = i * columns; j < (i + 1) * columns; j++) {
        data[j] += column.data[i];
      }
    }
  }

  /** Sets negative numbers to 0. */
  public void clearNegative() {
    for (int i = 0; i < data.length; i++) {
      data[i] = Math.max(0, data[i]);
    }
  }

  /** Sets to 0 what {@code other}, of the same shape, has at 0. */
  public void clearWhereZero(Matrix other) {
    for (int i = 0; i < data.length; i++) {
      data[i] = other.data[i] == 0 ? 0 : data[i];
    }
  }

  /** Column {@code column} into {@code out} [rows]. */
  public void readColumn(int column, double[] out) {
    for (int i = 0; i < rows; i++) {
      out[i] = data[i * columns + column];
    }
  }

  /** A·Bᵀ: the dot products of the rows of both, [rows × rows of other]. */
  public Matrix timesTransposed(Matrix other) {
    return new PackedRows(other).dots(this);
  }

  /** A·Aᵀ, symmetric to the bit, [rows × rows]. */
  public Matrix gram() {
    return PackedRows.dotsOfPairs(this);
  }

  /** ‖row_i − row_k‖² from the differences, symmetric to the bit, [rows × rows]. */
  public Matrix squaredDistances() {
    return PackedRows.squaredDistancesOfPairs(this);
  }

  /** The numbers themselves, for the neighbours in this package; not a copy. */
  double[] data() {
    return data;
  }

  // Four sums, because one alone waits for each addition before it can begin the next.
  private static double dot(double[] a, int i, double[] b, int j, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int n = 0;
    for (; n + 4 <= length; n += 4) {
      s0 += a[i + n] * b[j + n];
      s1 += a[i + n + 1] * b[j + n + 1];
      s2 += a[i + n + 2] * b[j + n + 2];
      s3 += a[i + n + 3] * b[j + n + 3];
    }
    for (; n < length; n++) {
      s0 += a[i + n] * b[j + n];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
