package io.collapsewatch.launcher.demo;

/**
 * Mean cross-entropy of a batch.
 *
 * @param mean mean over the batch of ln Σ_c exp z_c − z_y, in nats
 * @param accuracy share of samples whose largest logit is their label's
 * @param gradient [B][K], the gradient of {@code mean} by the logits
 */
@SuppressWarnings("ArrayRecordComponent")
record CrossEntropy(double mean, double accuracy, float[][] gradient) {

  /**
   * Of logits [B][K] and labels [B]. StrictMath, so that a seed gives the same network everywhere.
   */
  static CrossEntropy of(float[][] logits, int[] labels) {
    double sum = 0;
    int correct = 0;
    float[][] gradient = new float[logits.length][];
    for (int i = 0; i < logits.length; i++) {
      float[] z = logits[i];
      int predicted = largest(z);
      correct += predicted == labels[i] ? 1 : 0;
      double logSum = z[predicted] + StrictMath.log(sumOfExponentials(z, z[predicted]));
      sum += logSum - z[labels[i]];
      gradient[i] = new float[z.length];
      for (int c = 0; c < z.length; c++) {
        double target = c == labels[i] ? 1 : 0;
        gradient[i][c] = (float) ((StrictMath.exp(z[c] - logSum) - target) / logits.length);
      }
    }
    return new CrossEntropy(sum / logits.length, (double) correct / logits.length, gradient);
  }

  private static int largest(float[] z) {
    int best = 0;
    for (int c = 1; c < z.length; c++) {
      if (z[c] > z[best]) {
        best = c;
      }
    }
    return best;
  }

  private static double sumOfExponentials(float[] z, float max) {
    double sum = 0;
    for (float logit : z) {
      sum += StrictMath.exp(logit - max);
    }
    return sum;
  }
}
