package io.collapsewatch.protocol.saved;

import io.collapsewatch.protocol.DType;
import io.collapsewatch.protocol.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether arrays make up a pass: which there must be, how their shapes fit and what values they may
 * have. Sentences are without the path.
 */
final class PassArrays {

  /** The arrays of a pass; the last one may be absent. */
  static final List<String> NAMES = List.of("features", "labels", "weights", "bias");

  private final Map<String, Tensor> arrays;
  private final String ending;

  /**
   * @param ending what follows the name of an array in its container
   */
  PassArrays(Map<String, Tensor> arrays, String ending) {
    this.arrays = arrays;
    this.ending = ending;
  }

  /**
   * @throws UnreadablePassException if they are no pass
   */
  SavedPass toPass() {
    requireAll();
    Tensor features = matrix("features");
    Tensor weights = matrix("weights");
    if (weights.columns() != features.columns()) {
      throw new UnreadablePassException(
          "weights is %s and features is %s; expected as many columns"
              .formatted(described(weights), described(features)));
    }
    Tensor labels = labels(features.rows(), weights.rows());
    Optional<Tensor> bias = Optional.ofNullable(arrays.get("bias"));
    bias.ifPresent(b -> requireVector("bias", b, weights.rows(), "each row of weights"));
    requireFinite("features", features);
    requireFinite("weights", weights);
    bias.ifPresent(b -> requireFinite("bias", b));
    return new SavedPass(features, labels, weights, bias);
  }

  private void requireAll() {
    String missing =
        NAMES.stream()
            .filter(name -> !name.equals("bias") && !arrays.containsKey(name))
            .map(name -> name + ending)
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      throw new UnreadablePassException(
          "it lacks %s; expected %s and, where the layer has one, %s"
              .formatted(
                  missing,
                  "features%s, labels%s, weights%s".formatted(ending, ending, ending),
                  "bias" + ending));
    }
  }

  private Tensor matrix(String name) {
    Tensor tensor = arrays.get(name);
    if (tensor.axes() != 2 || tensor.rows() < 1 || tensor.columns() < 1) {
      throw new UnreadablePassException(
          "%s is %s; expected a matrix with at least one row and one column"
              .formatted(name, described(tensor)));
    }
    return tensor;
  }

  private Tensor labels(int samples, int classes) {
    Tensor labels = arrays.get("labels");
    if (labels.dtype().floating()) {
      throw new UnreadablePassException(
          "labels is %s; expected integers".formatted(described(labels)));
    }
    requireVector("labels", labels, samples, "each row of features");
    for (int i = 0; i < samples; i++) {
      long label = labels.longAt(i);
      if (label < 0 || label >= classes) {
        throw new UnreadablePassException(
            "the label in row %d is %s; expected 0..%d, the rows of weights"
                .formatted(i, text(labels, label), classes - 1));
      }
    }
    return labels;
  }

  private static String text(Tensor labels, long label) {
    return labels.dtype() == DType.U64 ? Long.toUnsignedString(label) : Long.toString(label);
  }

  private static void requireVector(String name, Tensor tensor, int length, String of) {
    if (tensor.axes() != 1 || tensor.length(0) != length) {
      throw new UnreadablePassException(
          "%s is %s; expected [%d], a number for %s"
              .formatted(name, described(tensor), length, of));
    }
  }

  private static void requireFinite(String name, Tensor tensor) {
    double[] row = new double[tensor.columns()];
    for (int i = 0; i < tensor.rows(); i++) {
      tensor.readRow(i, row);
      for (double value : row) {
        if (!Double.isFinite(value)) {
          throw new UnreadablePassException(
              "%s has the value %s in row %d; expected finite numbers only"
                  .formatted(name, value, i));
        }
      }
    }
  }

  private static String described(Tensor tensor) {
    return "%s %s".formatted(tensor.dtype(), Arrays.toString(tensor.shape()));
  }
}
