package io.collapsewatch.analyzer.linalg;

/**
 * K vectors v_k of length d, laid out for their dot products with many others and their distances
 * from them. A dot product alone cannot use the vector units, since the order of its sum is fixed;
 * K of them side by side can: component j of all vectors lies in one row, and each step adds four
 * such rows to K sums. The order of each sum depends on d alone. Takes K·d numbers; immutable.
 *
 * <p>A product x·v has the same bits as v·x, and so has the distance.
 */
public final class PackedRows {

  /** Vectors of a tile: their sums and four rows of components stay in the nearest cache. */
  private static final int WIDTH = 256;

  /** Components of a tile that are used for all x in turn, so that they stay in the next cache. */
  private static final int DEPTH = 128;

  /** Rows x taken together, so that a step's components come from the nearest cache for all. */
  private static final int GROUP = 4;

  /** Components added in one step. */
  private static final int STEP = 4;

  private final int count;
  private final int dim;
  private final double[][][] tiles;

  /** Packs the rows of {@code vectors} [K×d], which are copied. */
  public PackedRows(Matrix vectors) {
    this.count = vectors.rows();
    this.dim = vectors.columns();
    this.tiles = new double[(count + WIDTH - 1) / WIDTH][][];
    for (int t = 0; t < tiles.length; t++) {
      int first = t * WIDTH;
      tiles[t] = tile(vectors, first, Math.min(WIDTH, count - first));
    }
  }

  // [d, rounded up to whole steps, × width]; the components beyond d are 0 and add nothing.
  private static double[][] tile(Matrix vectors, int first, int width) {
    int dim = vectors.columns();
    double[][] tile = new double[(dim + STEP - 1) / STEP * STEP][width];
    for (int k = 0; k < width; k++) {
      int at = (first + k) * dim;
      for (int j = 0; j < dim; j++) {
        tile[j][k] = vectors.data()[at + j];
      }
    }
    return tile;
  }

  /** x_i·v_k for the rows x_i of {@code x} [n×d], [n×K]. Cost: n·K·d. */
  public Matrix dots(Matrix x) {
    return sums(PackedRows::addProducts, x, false);
  }

  /** ‖x_i − v_k‖² for the rows x_i of {@code x} [n×d], from the differences, [n×K]. Cost: n·K·d. */
  public Matrix squaredDistances(Matrix x) {
    return sums(PackedRows::addSquares, x, false);
  }

  /** x_i·x_k for the rows of {@code x} [n×d], each pair once, [n×n]. Cost: n²·d/2. */
  static Matrix dotsOfPairs(Matrix x) {
    return mirrored(new PackedRows(x).sums(PackedRows::addProducts, x, true));
  }

  /** ‖x_i − x_k‖² for the rows of {@code x} [n×d], each pair once, [n×n]. Cost: n²·d/2. */
  static Matrix squaredDistancesOfPairs(Matrix x) {
    return mirrored(new PackedRows(x).sums(PackedRows::addSquares, x, true));
  }

  private static Matrix mirrored(Matrix lower) {
    for (int i = 0; i < lower.rows(); i++) {
      for (int k = 0; k < i; k++) {
        lower.set(k, i, lower.get(i, k));
      }
    }
    return lower;
  }

  // Of the lower triangle at least all sums with k ≤ i are there.
  private Matrix sums(Step step, Matrix x, boolean lowerTriangle) {
    if (x.columns() != dim) {
      throw new IllegalArgumentException(
          "rows of %d numbers with vectors of %d; expected as many".formatted(x.columns(), dim));
    }
    Matrix sums = new Matrix(x.rows(), count);
    for (int t = 0; t < tiles.length; t++) {
      for (int from = 0; from < dim; from += DEPTH) {
        addTile(step, x, lowerTriangle ? t * WIDTH : 0, t, from, sums);
      }
    }
    return sums;
  }

  // Components from .. from + DEPTH of tile t, for all x from row firstRow on.
  private void addTile(Step step, Matrix x, int firstRow, int t, int from, Matrix sums) {
    int depth = Math.min(DEPTH, dim - from);
    double[][] parts = new double[GROUP][DEPTH];
    double[][] groupSums = new double[GROUP][tiles[t][0].length];
    for (int i = firstRow; i < x.rows(); i += GROUP) {
      int size = Math.min(GROUP, x.rows() - i);
      int at = i * count + t * WIDTH;
      for (int g = 0; g < size; g++) {
        System.arraycopy(x.data(), (i + g) * dim + from, parts[g], 0, depth);
        System.arraycopy(sums.data(), at + g * count, groupSums[g], 0, groupSums[g].length);
      }
      addGroup(step, parts, size, depth, tiles[t], from, groupSums);
      for (int g = 0; g < size; g++) {
        System.arraycopy(groupSums[g], 0, sums.data(), at + g * count, groupSums[g].length);
      }
    }
  }

  private static void addGroup(
      Step step,
      double[][] parts,
      int size,
      int depth,
      double[][] tile,
      int from,
      double[][] sums) {
    for (int j = 0; j < depth; j += STEP) {
      int row = from + j;
      for (int g = 0; g < size; g++) {
        double[] x = parts[g];
        step.add(
            sums[g],
            tile[row],
            tile[row + 1],
            tile[row + 2],
            tile[row + 3],
            x[j],
            x[j + 1],
            x[j + 2],
            x[j + 3]);
      }
    }
  }

  /** Adds what four components x_0 … x_3 of one x and v_0 … v_3 [K] of all vectors give. */
  private interface Step {
    void add(
        double[] sum,
        double[] v0,
        double[] v1,
        double[] v2,
        double[] v3,
        double x0,
        double x1,
        double x2,
        double x3);
  }

  // The loops below are what the compiler turns into vector instructions: each array has the same
  // index, and the body is small. With four differences in one body it no longer does so once it
  // has seen few classes first.
  private static void addProducts(
      double[] sum,
      double[] v0,
      double[] v1,
      double[] v2,
      double[] v3,
      double x0,
      double x1,
      double x2,
      double x3) {
    for (int k = 0; k < sum.length; k++) {
      sum[k] += (x0 * v0[k] + x1 * v1[k]) + (x2 * v2[k] + x3 * v3[k]);
    }
  }

  private static void addSquares(
      double[] sum,
      double[] v0,
      double[] v1,
      double[] v2,
      double[] v3,
      double x0,
      double x1,
      double x2,
      double x3) {
    addSquares(sum, v0, v1, x0, x1);
    addSquares(sum, v2, v3, x2, x3);
  }

  private static void addSquares(double[] sum, double[] v0, double[] v1, double x0, double x1) {
    for (int k = 0; k < sum.length; k++) {
      double d0 = x0 - v0[k];
      double d1 = x1 - v1[k];
      sum[k] += d0 * d0 + d1 * d1;
    }
  }
}
