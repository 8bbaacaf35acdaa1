package io.collapsewatch.launcher.demo;

/** Mean over the batch of ln Σ_c exp z_c − z_y, in nats. */
final class CrossEntropy {

  private CrossEntropy() {}

  /**
   * Of logits [B][K] and labels [B]. StrictMath, so that a seed gives the same network everywhere.
   */
  static BatchLoss of(float[][] logits, int[] labels) {
    double sum = 0;
    float[][] gradient = new float[logits.length][];
    for (int i = 0; i < logits.length; i++) {
      float[] z = logits[i];
      float max = z[BatchLoss.largest(z)];
      double logSum = max + StrictMath.log(sumOfExponentials(z, max));
      sum += logSum - z[labels[i]];
      gradient[i] = new float[z.length];
      for (int c = 0; c < z.length; c++) {
        double target = c == labels[i] ? 1 : 0;
        gradient[i][c] = (float) ((StrictMath.exp(z[c] - logSum) - target) / logits.length);
      }
    }
    return BatchLoss.of(sum / logits.length, gradient, logits, labels);
  }

  private static double sumOfExponentials(float[] z, float max) {
    double sum = 0;
    for (float logit : z) {
      sum += StrictMath.exp(logit - max);
    }
    return sum;
  }
}
