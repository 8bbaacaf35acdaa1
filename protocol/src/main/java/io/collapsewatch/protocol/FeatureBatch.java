package io.collapsewatch.protocol;

import java.util.Optional;

/**
 * Features of a batch of samples with their labels, and what the network made of them.
 *
 * @param features [B,d], floating-point, finite
 * @param labels [B], integers ≥ 0
 * @param logits [B,K], 2 ≤ K ≤ {@link Limits#CLASSES}, floating-point, finite; before Kafka they
 *     become margins and predictions
 * @param margins [B], floating-point, within ±{@link Limits#MARGIN}: {@link Margin} of each sample
 *     when it was captured
 * @param predictions [B], integers ≥ 0: the class of the largest logit when it was captured; there
 *     if and only if {@code margins} are
 */
public record FeatureBatch(
    CaptureHeader header,
    Tensor features,
    Tensor labels,
    Optional<Tensor> logits,
    Optional<Tensor> margins,
    Optional<Tensor> predictions)
    implements Capture {

  /**
   * @throws MalformedCaptureException if a type or shape is not as above or a number is not finite
   */
  public FeatureBatch {
    Shapes.requireMatrix("features", features);
    Shapes.requireFinite("features", features);
    int rows = features.rows();
    Shapes.requireClassNumbers("labels", labels, rows);
    logits.ifPresent(
        z -> {
          Shapes.requireMatrix("logits", z);
          Shapes.requireRows("logits", z, rows, "the features");
          Shapes.requireClasses("logits", z.columns());
          Shapes.requireFinite("logits", z);
        });
    margins.ifPresent(
        m -> {
          Shapes.requireVector("margins", m, rows);
          Shapes.requireBounded("margins", m);
        });
    predictions.ifPresent(p -> Shapes.requireClassNumbers("predictions", p, rows));
    if (margins.isPresent() != predictions.isPresent()) {
      throw new MalformedCaptureException(
          "a batch has margins or predictions without the other; expected both or neither");
    }
  }

  /** A batch without logits or margins. */
  public static FeatureBatch of(CaptureHeader header, Tensor features, Tensor labels) {
    return new FeatureBatch(
        header, features, labels, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** B. */
  public int rows() {
    return features.rows();
  }

  /** d. */
  public int dim() {
    return features.columns();
  }

  /** Label of sample {@code i}. */
  public int label(int i) {
    return Math.toIntExact(labels.longAt(i));
  }

  /** The rows with the given indices, with everything that belongs to them. */
  public FeatureBatch select(int[] rows) {
    return new FeatureBatch(
        header,
        features.select(rows),
        labels.select(rows),
        logits.map(z -> z.select(rows)),
        margins.map(m -> m.select(rows)),
        predictions.map(p -> p.select(rows)));
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive) under another header. */
  public FeatureBatch slice(CaptureHeader newHeader, int from, int to) {
    return new FeatureBatch(
        newHeader,
        features.slice(from, to),
        labels.slice(from, to),
        logits.map(z -> z.slice(from, to)),
        margins.map(m -> m.slice(from, to)),
        predictions.map(p -> p.slice(from, to)));
  }
}
