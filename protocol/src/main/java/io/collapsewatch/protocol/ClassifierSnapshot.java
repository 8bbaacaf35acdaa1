package io.collapsewatch.protocol;

import java.util.Optional;

/**
 * Weights of the last linear layer at a step, or some rows of them.
 *
 * @param weight [rows here,d], floating-point, finite; row k of the whole is w_k
 * @param bias [rows here], floating-point, finite; absent where the layer has none
 * @param rowOffset which class the first row here belongs to
 * @param classes rows of the whole: K, 2..{@link Limits#CLASSES}
 */
public record ClassifierSnapshot(
    CaptureHeader header, Tensor weight, Optional<Tensor> bias, int rowOffset, int classes)
    implements Capture {

  /**
   * @throws MalformedCaptureException if a type or shape is not as above or a number is not finite
   */
  public ClassifierSnapshot {
    Shapes.requireMatrix("weight", weight);
    Shapes.requireFinite("weight", weight);
    int rows = weight.rows();
    bias.ifPresent(
        b -> {
          Shapes.requireVector("bias", b, rows);
          Shapes.requireFinite("bias", b);
        });
    Shapes.requireClasses("the classifier", classes);
    if (rowOffset < 0 || (long) rowOffset + rows > classes) {
      throw new MalformedCaptureException(
          "weight holds rows %d..%d of a classifier of %d; expected rows within 0..%d"
              .formatted(rowOffset, (long) rowOffset + rows - 1, classes, classes - 1));
    }
    if (header.parts() == 1 && rows != classes) {
      throw new MalformedCaptureException(
          "weight holds %d rows of a classifier of %d in a message of one part; expected all rows, or parts"
              .formatted(rows, classes));
    }
  }

  /** All rows of the classifier in one message. */
  public static ClassifierSnapshot of(CaptureHeader header, Tensor weight, Optional<Tensor> bias) {
    return new ClassifierSnapshot(header, weight, bias, 0, weight.rows());
  }

  /** d. */
  public int dim() {
    return weight.columns();
  }

  /**
   * Rows {@code from} (inclusive) to {@code to} (exclusive) of those here, under another header.
   */
  public ClassifierSnapshot slice(CaptureHeader newHeader, int from, int to) {
    return new ClassifierSnapshot(
        newHeader,
        weight.slice(from, to),
        bias.map(b -> b.slice(from, to)),
        rowOffset + from,
        classes);
  }
}
