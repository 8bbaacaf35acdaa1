package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;

/**
 * NC3: classifiers and class means become the same up to scale. W [K×d] here is the rows of the K
 * classes present. All are dimensionless, 0 at collapse (the uncentred one at an orthogonal frame),
 * between 0 and 2, and not defined where W or the means have norm 0. Cost: K²d.
 */
final class SelfDuality {

  private SelfDuality() {}

  /**
   * {@code nc3_duality} = ‖W/‖W‖_F − Mᵀ/‖M‖_F‖_F (Papyan et al. 2020, who square it); {@code
   * nc3_duality_uncentred}, the same with the means U themselves (Tirer and Bruna 2022); {@code
   * nc3_etf_alignment} = ‖WM/‖WM‖_F − E_K‖_F (Zhu et al. 2021).
   *
   * @param means with distinct means
   */
  static MetricValues measure(ClassMeans means, Classifier classifier) {
    Matrix w = classifier.matrix().select(means.classes());
    MetricValues metrics = new MetricValues();
    metrics.set(MetricKey.NC3_DUALITY, distance(w, means.centred()));
    metrics.set(MetricKey.NC3_DUALITY_UNCENTRED, distance(w, means.uncentred()));
    metrics.set(MetricKey.NC3_ETF_ALIGNMENT, Frame.toSimplex(w.timesTransposed(means.centred())));
    return metrics;
  }

  private static double distance(Matrix a, Matrix b) {
    double normA = a.norm();
    double normB = b.norm();
    double squares = 0;
    for (int i = 0; i < a.rows(); i++) {
      for (int j = 0; j < a.columns(); j++) {
        double difference = a.get(i, j) / normA - b.get(i, j) / normB;
        squares += difference * difference;
      }
    }
    return Math.sqrt(squares);
  }
}
