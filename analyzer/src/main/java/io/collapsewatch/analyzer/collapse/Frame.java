package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.Matrix;
import java.util.stream.IntStream;

/**
 * How far K vectors x_k are from a simplex ETF (equal lengths, all cosines −1/(K−1)) and from an
 * orthogonal frame (equal lengths, orthogonal). Everything is dimensionless; what is not defined is
 * not finite: anything with K < 2, angles where a vector has no length, and quotients by 0. Cost:
 * K²d.
 */
final class Frame {

  private final int count;
  private final Matrix gram;
  private final double[] lengths;

  /**
   * @param vectors [K×d], one in each row
   * @param zeroSquared vectors of this squared length or less count as having none
   */
  Frame(Matrix vectors, double zeroSquared) {
    this.count = vectors.rows();
    this.gram = vectors.gram();
    this.lengths =
        IntStream.range(0, count)
            .mapToDouble(k -> gram.get(k, k) <= zeroSquared ? 0 : Math.sqrt(gram.get(k, k)))
            .toArray();
  }

  /** K. */
  int count() {
    return count;
  }

  /** cos(x_i, x_j), within −1..1; NaN where one of them has no length. */
  double cosine(int i, int j) {
    if (lengths[i] == 0 || lengths[j] == 0) {
      return Double.NaN;
    }
    return Math.max(-1, Math.min(1, gram.get(i, j) / (lengths[i] * lengths[j])));
  }

  /** std/mean over k of ‖x_k‖ (Papyan et al. 2020). */
  double equinorm() {
    if (count < 2) {
      return Double.NaN;
    }
    double mean = IntStream.range(0, count).mapToDouble(k -> lengths[k]).sum() / count;
    double squares = 0;
    for (double length : lengths) {
      squares += (length - mean) * (length - mean);
    }
    return Math.sqrt(squares / count) / mean;
  }

  /** std over pairs of the cosines (Papyan et al. 2020). */
  double equiangular() {
    double mean = meanOverPairs(0, false);
    double squares = 0;
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        squares += (cosine(i, j) - mean) * (cosine(i, j) - mean);
      }
    }
    return Math.sqrt(squares / pairs());
  }

  /** Mean over pairs of |cos + 1/(K−1)| (Papyan et al. 2020). */
  double maxAngle() {
    return meanOverPairs(1.0 / (count - 1), true);
  }

  private double meanOverPairs(double shift, boolean absolute) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        double value = cosine(i, j) + shift;
        sum += absolute ? Math.abs(value) : value;
      }
    }
    return sum / pairs();
  }

  private double pairs() {
    return 0.5 * count * (count - 1);
  }

  /** ‖G/‖G‖_F − E_K‖_F for the Gram matrix G of the vectors (Zhu et al. 2021). */
  double toSimplex() {
    return toSimplex(gram);
  }

  /** ‖G/‖G‖_F − I/√K‖_F (Tirer and Bruna 2022). */
  double toOrthogonal() {
    return distance(gram, 1 / Math.sqrt(count), 0);
  }

  /**
   * ‖A/‖A‖_F − E_K‖_F for any {@code a} [K×K], with E_K = (I − 11ᵀ/K)/√(K−1), the Gram matrix of a
   * simplex ETF scaled to norm 1.
   */
  static double toSimplex(Matrix a) {
    double scale = 1 / Math.sqrt(a.rows() - 1);
    double shared = 1.0 / a.rows();
    return distance(a, scale * (1 - shared), -scale * shared);
  }

  private static double distance(Matrix a, double diagonal, double elsewhere) {
    if (a.rows() < 2) {
      return Double.NaN;
    }
    double norm = a.norm();
    double squares = 0;
    for (int i = 0; i < a.rows(); i++) {
      for (int j = 0; j < a.rows(); j++) {
        double difference = a.get(i, j) / norm - (i == j ? diagonal : elsewhere);
        squares += difference * difference;
      }
    }
    return Math.sqrt(squares);
  }
}
