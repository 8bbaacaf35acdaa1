package io.collapsewatch.agent.capture;

import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.Margin;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.Tensor;
import java.util.Optional;

/**
 * Margin and predicted class of each row of a batch: what is kept of its logits.
 *
 * @param margins [B] F64, finite
 * @param predictions [B] integers
 * @param statistics of all rows
 */
record Margins(Tensor margins, Tensor predictions, MarginStatistics statistics) {

  /** From the logits where a batch has them, else the captured ones, else none. */
  static Optional<Margins> of(FeatureBatch batch) {
    if (batch.logits().isPresent()) {
      return Optional.of(ofLogits(batch.logits().get(), batch.labels()));
    }
    return batch
        .margins()
        .map(margins -> ofCaptured(margins, batch.predictions().orElseThrow(), batch.labels()));
  }

  /**
   * Margins and predictions of all rows, in double.
   *
   * @param logits [B,K], finite
   * @param labels [B], each in 0..K−1
   * @throws MalformedCaptureException if there is no margin: K is 1, a row has no label, a label
   *     has no logit, or the difference of two logits is not finite
   */
  static Margins ofLogits(Tensor logits, Tensor labels) {
    int rows = logits.rows();
    int classes = logits.columns();
    if (classes < 2) {
      throw new MalformedCaptureException(
          "logits is %s; a margin needs at least two classes".formatted(logits));
    }
    if (labels.rows() != rows) {
      throw new MalformedCaptureException(
          "logits has %d rows and labels has %d; expected as many".formatted(rows, labels.rows()));
    }
    double[] row = new double[classes];
    double[] margins = new double[rows];
    int[] predictions = new int[rows];
    for (int i = 0; i < rows; i++) {
      logits.readRow(i, row);
      margins[i] = margin(row, requireClass(labels, i, classes), i);
      predictions[i] = Margin.prediction(row, classes);
    }
    return of(margins, Tensor.ofInts(predictions, rows), labels);
  }

  private static Margins ofCaptured(Tensor margins, Tensor predictions, Tensor labels) {
    return of(margins.toDoubles(), predictions, labels);
  }

  private static Margins of(double[] margins, Tensor predictions, Tensor labels) {
    long correct = 0;
    for (int i = 0; i < margins.length; i++) {
      if (predictions.longAt(i) == labels.longAt(i)) {
        correct++;
      }
    }
    return new Margins(
        Tensor.ofDoubles(margins, margins.length),
        predictions,
        MarginStatistics.of(margins, correct));
  }

  private static double margin(double[] logits, int label, int row) {
    double margin = Margin.of(logits, logits.length, label);
    if (!(Math.abs(margin) <= Limits.MARGIN)) {
      throw new MalformedCaptureException(
          "the margin of row %d is %s; expected one within ±%s"
              .formatted(row, margin, Limits.MARGIN));
    }
    return margin;
  }

  private static int requireClass(Tensor labels, int row, int classes) {
    long label = labels.longAt(row);
    if (label < 0 || label >= classes) {
      throw new MalformedCaptureException(
          "label %d in row %d; expected a class in 0..%d".formatted(label, row, classes - 1));
    }
    return (int) label;
  }
}
