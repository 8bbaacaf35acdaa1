package io.collapsewatch.launcher.demo;

/**
 * What a batch loses.
 *
 * @param mean the loss
 * @param accuracy share of samples whose largest logit is their label's
 * @param gradient [B][K], the gradient of {@code mean} by the logits
 */
@SuppressWarnings("ArrayRecordComponent")
record BatchLoss(double mean, double accuracy, float[][] gradient) {

  /** With the accuracy of logits [B][K] for labels [B]. */
  static BatchLoss of(double mean, float[][] gradient, float[][] logits, int[] labels) {
    int correct = 0;
    for (int i = 0; i < labels.length; i++) {
      correct += largest(logits[i]) == labels[i] ? 1 : 0;
    }
    return new BatchLoss(mean, (double) correct / labels.length, gradient);
  }

  /** The loss with a factor in front of it. */
  BatchLoss times(double factor) {
    float[][] scaled = new float[gradient.length][];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = new float[gradient[i].length];
      for (int c = 0; c < scaled[i].length; c++) {
        scaled[i][c] = (float) (factor * gradient[i][c]);
      }
    }
    return new BatchLoss(factor * mean, accuracy, scaled);
  }

  /** The class with the largest logit, the lowest of several. */
  static int largest(float[] z) {
    int best = 0;
    for (int c = 1; c < z.length; c++) {
      if (z[c] > z[best]) {
        best = c;
      }
    }
    return best;
  }
}
