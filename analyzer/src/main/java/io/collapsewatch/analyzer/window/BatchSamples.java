package io.collapsewatch.analyzer.window;

import io.collapsewatch.analyzer.collapse.Samples;
import io.collapsewatch.protocol.FeatureBatch;
import java.util.Arrays;
import java.util.List;

/** The samples of some batches, one batch after the other. */
public final class BatchSamples implements Samples {

  private final List<FeatureBatch> batches;
  private final int[] firstRow;
  private final int size;

  /**
   * @param batches at least one, all of the same width
   */
  public BatchSamples(List<FeatureBatch> batches) {
    this.batches = List.copyOf(batches);
    this.firstRow = new int[batches.size()];
    int rows = 0;
    for (int i = 0; i < firstRow.length; i++) {
      firstRow[i] = rows;
      rows = Math.addExact(rows, batches.get(i).rows());
    }
    this.size = rows;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int dim() {
    return batches.get(0).dim();
  }

  /** That of the coarsest. */
  @Override
  public double roundoff() {
    return batches.stream().mapToDouble(b -> b.features().dtype().roundoff()).max().orElse(0);
  }

  @Override
  public int label(int i) {
    int batch = batchOf(i);
    return batches.get(batch).label(i - firstRow[batch]);
  }

  @Override
  public void read(int i, double[] out) {
    int batch = batchOf(i);
    batches.get(batch).features().readRow(i - firstRow[batch], out);
  }

  private int batchOf(int i) {
    int found = Arrays.binarySearch(firstRow, i);
    return found >= 0 ? found : -found - 2;
  }
}
