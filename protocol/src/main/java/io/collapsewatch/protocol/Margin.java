package io.collapsewatch.protocol;

/**
 * The margin of one sample: m = z_y − max_{c≠y} z_c for logits z [K] and label y. In units of the
 * logits; positive exactly when the sample is classified correctly without a tie. Source: theory
 * sheet §2 (Ji et al. 2021, §3).
 */
public final class Margin {

  private Margin() {}

  /**
   * The margin; needs K ≥ 2 and a label in 0..K−1.
   *
   * @param logits [≥ K], of which the first {@code classes} are read; not modified
   */
  public static double of(double[] logits, int classes, int label) {
    double best = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      if (c != label && logits[c] > best) {
        best = logits[c];
      }
    }
    return logits[label] - best;
  }

  /** The class of the largest logit, the lowest one where several are largest. */
  public static int prediction(double[] logits, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (logits[c] > logits[best]) {
        best = c;
      }
    }
    return best;
  }
}
