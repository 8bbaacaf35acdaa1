package io.collapsewatch.agent.capture;

import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.Tensor;

/** Arrays of a training loop, copied into tensors. */
final class TrainingArrays {

  private TrainingArrays() {}

  /**
   * A copy as F32.
   *
   * @param rows [n][m], n and m ≥ 1
   * @throws MalformedCaptureException if it is missing or empty or its rows differ in length
   */
  static Tensor matrix(String name, float[][] rows) {
    requirePresent(name, rows);
    if (rows.length == 0 || rows[0] == null || rows[0].length == 0) {
      throw new MalformedCaptureException(
          "%s is empty; expected at least one row and one column".formatted(name));
    }
    int columns = rows[0].length;
    float[] flat = new float[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      requireColumns(name, rows[i], i, columns);
      System.arraycopy(rows[i], 0, flat, i * columns, columns);
    }
    return Tensor.ofFloats(flat, rows.length, columns);
  }

  /** A copy as F32, values [n]. */
  static Tensor vector(String name, float[] values) {
    requirePresent(name, values);
    return Tensor.ofFloats(values, values.length);
  }

  /** A copy as I32, values [n]. */
  static Tensor vector(String name, int[] values) {
    requirePresent(name, values);
    return Tensor.ofInts(values, values.length);
  }

  private static void requirePresent(String name, Object array) {
    if (array == null) {
      throw new MalformedCaptureException("%s is null; expected an array".formatted(name));
    }
  }

  private static void requireColumns(String name, float[] row, int i, int columns) {
    if (row == null || row.length != columns) {
      throw new MalformedCaptureException(
          "row %d of %s has %s columns and row 0 has %d; expected as many"
              .formatted(i, name, row == null ? "no" : row.length, columns));
    }
  }
}
