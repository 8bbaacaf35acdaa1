package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The classes that a set of samples shows, how often, and their means μ_k. K here is the number of
 * classes present.
 *
 * <p>Means are held as distances from an origin inside the data: with features far from 0 and
 * collapsed classes, the digits that matter would be the last ones of μ_k itself.
 *
 * <p>Two means coincide when ‖μ_k−μ_j‖² ≤ 1e-28 ‖M‖_F²; the later one is then replaced by the
 * earlier, so that rounding decides no argmin. All means are equal when ‖M‖_F² is no more than that
 * part of the features' own size: what is left of it is rounding.
 */
final class ClassMeans {

  private static final double COINCIDE = 1e-28;

  private final int[] classes;
  private final long[] counts;
  private final double[] origin;
  private final Matrix fromOrigin;
  private final Matrix squaredDistances;
  private final Matrix centred;
  private final double squaredNorm;
  private final boolean coinciding;
  private final boolean distinct;

  /**
   * @param classes [K] classes present, ascending
   * @param counts [K] n_k
   * @param origin [d]
   * @param fromOrigin [K×d] μ_k − origin; coinciding rows are replaced in place
   * @param meanSquare mean of ‖h_i − origin‖² over all samples
   */
  ClassMeans(int[] classes, long[] counts, double[] origin, Matrix fromOrigin, double meanSquare) {
    this.classes = classes;
    this.counts = counts;
    this.origin = origin;
    this.fromOrigin = fromOrigin;
    this.squaredDistances = fromOrigin.squaredDistances();
    this.coinciding = replaceCoinciding(fromOrigin, squaredDistances);
    this.centred = fromOrigin.centred();
    this.squaredNorm = centred.squaredNorm();
    this.distinct =
        classes.length >= 2
            && Double.isFinite(squaredNorm)
            && squaredNorm > COINCIDE * classes.length * meanSquare;
  }

  private static boolean replaceCoinciding(Matrix means, Matrix squaredDistances) {
    double near = COINCIDE * means.centred().squaredNorm();
    BitSet replaced = new BitSet();
    for (int k = 1; k < means.rows(); k++) {
      for (int j = 0; j < k && !replaced.get(k); j++) {
        if (!replaced.get(j) && squaredDistances.get(k, j) <= near) {
          means.setRow(k, means.row(j));
          replaced.set(k);
        }
      }
    }
    return !replaced.isEmpty();
  }

  /** Refuses a classifier of another width or with fewer rows than the classes present need. */
  void requireFits(Classifier classifier) {
    if (classifier.dim() != dim()) {
      throw new IllegalArgumentException(
          "the features have %d dimensions and the weights of the classifier %d; expected as many"
              .formatted(dim(), classifier.dim()));
    }
    int highest = count() == 0 ? 0 : classes[count() - 1];
    if (highest >= classifier.classes()) {
      throw new IllegalArgumentException(
          "a sample has the label %d and the classifier %d rows; expected labels in 0..%d"
              .formatted(highest, classifier.classes(), classifier.classes() - 1));
    }
  }

  /** {@code classes_present}, {@code samples} and {@code samples_per_class_min}. */
  MetricValues counted() {
    MetricValues metrics = new MetricValues();
    metrics.set(MetricKey.CLASSES_PRESENT, count());
    metrics.set(MetricKey.SAMPLES, (double) samples());
    Arrays.stream(counts)
        .min()
        .ifPresent(min -> metrics.set(MetricKey.SAMPLES_PER_CLASS_MIN, (double) min));
    return metrics;
  }

  /** Whether there are two classes at least whose means differ. */
  boolean distinct() {
    return distinct;
  }

  /** Whether any two of the means coincide. */
  boolean coinciding() {
    return coinciding;
  }

  /** K: how many classes are present. */
  int count() {
    return classes.length;
  }

  int dim() {
    return origin.length;
  }

  /** N. */
  long samples() {
    return Arrays.stream(counts).sum();
  }

  /** n_k [K]; not to be modified. */
  long[] counts() {
    return counts;
  }

  /** The classes present [K], ascending; not to be modified. */
  int[] classes() {
    return classes;
  }

  /** Row of the class {@code label} in the matrices here. */
  int slot(int label) {
    return Arrays.binarySearch(classes, label);
  }

  /** h − origin for the features h in the rows of {@code features} [n×d], in a new matrix. */
  Matrix minusOrigin(Matrix features) {
    return features.plusToEachRow(-1, origin);
  }

  /** μ_k − origin, [K×d]. */
  Matrix fromOrigin() {
    return fromOrigin;
  }

  /** ‖μ_k − μ_j‖² for two rows, of means that do not coincide. */
  double squaredDistance(int k, int j) {
    return squaredDistances.get(k, j);
  }

  /** Mᵀ: row k is μ_k − μ_G, [K×d]. */
  Matrix centred() {
    return centred;
  }

  /** ‖M‖_F². */
  double squaredNorm() {
    return squaredNorm;
  }

  /** Below this a squared length of a centred mean is rounding. */
  double zeroSquared() {
    return COINCIDE * squaredNorm;
  }

  /** μ_G [d], the mean of the class means, in a new array. */
  double[] global() {
    double[] global = fromOrigin.meanRow();
    for (int j = 0; j < global.length; j++) {
      global[j] += origin[j];
    }
    return global;
  }

  /** Uᵀ: row k is μ_k, [K×d], in a new matrix. */
  Matrix uncentred() {
    return fromOrigin.plusToEachRow(1, origin);
  }
}
