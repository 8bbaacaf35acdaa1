package io.collapsewatch.analyzer.reference;

import io.collapsewatch.analyzer.linalg.Matrix;

/** What a model loses by its outputs. */
interface OutputLoss {

  /**
   * The loss and its gradient in the outputs.
   *
   * @param outputs [K×N], column i is z_i; not modified
   * @param labels [N] in 0..K−1
   * @param gradient [K×N], overwritten with the gradient over {@link Evaluation#lnGradientScale}
   */
  Evaluation evaluate(Matrix outputs, int[] labels, Matrix gradient);

  /** (1/N) Σ_i −ln softmax(z_i)_{y_i}, in nats. */
  static Evaluation crossEntropy(Matrix outputs, int[] labels, Matrix gradient) {
    int samples = labels.length;
    double sum = 0;
    for (int i = 0; i < samples; i++) {
      double lnOthers = LogDomain.lnOthers(outputs, i, labels[i]);
      double loss = LogDomain.ln1pExp(lnOthers);
      sum += loss;
      double top = outputs.get(labels[i], i);
      for (int k = 0; k < outputs.rows(); k++) {
        double probability = Math.exp(outputs.get(k, i) - top - loss);
        gradient.set(k, i, probability / samples);
      }
      // 1 − p_y loses all digits where p_y is near 1; p_others does not.
      gradient.set(labels[i], i, -Math.exp(lnOthers - loss) / samples);
    }
    return Evaluation.of(sum / samples);
  }

  /**
   * Σ_i −ln softmax(z_i)_{y_i}, in nats. Once the smallest margin m_min is above 0, the gradient is
   * scaled by e^{m_min}, so that it does not vanish when the margins grow.
   */
  static Evaluation scaledCrossEntropy(Matrix outputs, int[] labels, Matrix gradient) {
    int samples = labels.length;
    double scale = Math.max(0, LogDomain.minMargin(outputs, labels));
    double sum = 0;
    for (int i = 0; i < samples; i++) {
      double lnOthers = LogDomain.lnOthers(outputs, i, labels[i]);
      double loss = LogDomain.ln1pExp(lnOthers);
      sum += loss;
      double top = outputs.get(labels[i], i);
      for (int k = 0; k < outputs.rows(); k++) {
        gradient.set(k, i, Math.exp(outputs.get(k, i) - top - loss + scale));
      }
      gradient.set(labels[i], i, -Math.exp(lnOthers - loss + scale));
    }
    return new Evaluation(sum, -scale);
  }

  /** (1/2N) Σ_i ‖z_i − e_{y_i}‖². */
  static Evaluation square(Matrix outputs, int[] labels, Matrix gradient) {
    int samples = labels.length;
    gradient.set(outputs);
    for (int i = 0; i < samples; i++) {
      gradient.set(labels[i], i, gradient.get(labels[i], i) - 1);
    }
    double loss = gradient.squaredNorm() / (2 * samples);
    gradient.scale(1.0 / samples);
    return Evaluation.of(loss);
  }
}
