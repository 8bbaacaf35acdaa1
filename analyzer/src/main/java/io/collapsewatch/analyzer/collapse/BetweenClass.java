package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.analyzer.linalg.RowSpace;

/**
 * The directions in which the class means differ: the left singular vectors u_j of M [d×K] with
 * their σ_j. At most min(K−1, d) of them exist; those are kept whose σ_j² > σ_1² max(d, K) 2⁻⁵².
 * What lies below is rounding, and dividing by it is how published code gets figures of any size
 * out of Σ_B⁺.
 */
final class BetweenClass {

  private BetweenClass() {}

  /** The kept directions, [r×d] with r values; none where the means do not differ. */
  static RowSpace of(ClassMeans means) {
    if (!means.distinct()) {
      return new RowSpace(new double[0], new Matrix(0, means.dim()));
    }
    RowSpace all = RowSpace.of(means.centred());
    double[] sigma = all.values();
    double least = sigma[0] * sigma[0] * Math.max(means.dim(), means.count()) * 0x1p-52;
    int possible = Math.min(means.count() - 1, means.dim());
    int rank = 0;
    while (rank < possible && sigma[rank] * sigma[rank] > least) {
      rank++;
    }
    return all.first(rank);
  }
}
