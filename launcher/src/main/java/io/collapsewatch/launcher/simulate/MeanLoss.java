package io.collapsewatch.launcher.simulate;

import io.collapsewatch.protocol.RunSettings.Loss;
import io.collapsewatch.protocol.Tensor;

/** What a training loop would print as its loss: without regularisers, without a factor. */
final class MeanLoss {

  private MeanLoss() {}

  /**
   * The mean over samples of −ln softmax(z)_y, or over entries of (z − e_y)².
   *
   * @param logits [N,K]
   * @param labels [N]
   */
  static double of(Loss loss, Tensor logits, Tensor labels) {
    double[] z = new double[logits.columns()];
    double sum = 0;
    for (int i = 0; i < logits.rows(); i++) {
      logits.readRow(i, z);
      int label = (int) labels.longAt(i);
      sum += loss == Loss.CROSS_ENTROPY ? crossEntropy(z, label) : square(z, label) / z.length;
    }
    return sum / logits.rows();
  }

  /** ln Σ_c e^{z_c − z_y}; the term of y is the 1 of log1p, so that small losses keep digits. */
  private static double crossEntropy(double[] z, int label) {
    double largest = 0;
    for (double each : z) {
      largest = Math.max(largest, each - z[label]);
    }
    double others = 0;
    for (int c = 0; c < z.length; c++) {
      others += c == label ? 0 : Math.exp(z[c] - z[label] - largest);
    }
    return largest == 0 ? Math.log1p(others) : largest + Math.log(Math.exp(-largest) + others);
  }

  private static double square(double[] z, int label) {
    double sum = 0;
    for (int c = 0; c < z.length; c++) {
      double error = z[c] - (c == label ? 1 : 0);
      sum += error * error;
    }
    return sum;
  }
}
