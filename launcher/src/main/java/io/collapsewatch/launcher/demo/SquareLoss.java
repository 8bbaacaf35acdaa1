package io.collapsewatch.launcher.demo;

/** Mean over the batch and the classes of (z_c − [c = y])², as PyTorch's MSELoss. */
final class SquareLoss {

  private SquareLoss() {}

  /** Of logits [B][K] and labels [B]. */
  static BatchLoss of(float[][] logits, int[] labels) {
    int entries = logits.length * logits[0].length;
    double sum = 0;
    float[][] gradient = new float[logits.length][];
    for (int i = 0; i < logits.length; i++) {
      gradient[i] = new float[logits[i].length];
      for (int c = 0; c < logits[i].length; c++) {
        double error = logits[i][c] - (c == labels[i] ? 1.0 : 0.0);
        sum += error * error;
        gradient[i][c] = (float) (2 * error / entries);
      }
    }
    return BatchLoss.of(sum / entries, gradient, logits, labels);
  }
}
