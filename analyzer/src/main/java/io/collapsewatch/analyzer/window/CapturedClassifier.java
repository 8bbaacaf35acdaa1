package io.collapsewatch.analyzer.window;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.Tensor;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A classifier and the step it was captured at.
 *
 * @param step optimisation step
 * @param classifier all its rows
 */
public record CapturedClassifier(long step, Classifier classifier) {

  /**
   * Puts the parts of a classifier together; none if they do not hold every row. A bias of which a
   * part is missing is absent.
   *
   * @param parts at least one, all of the same classifier
   */
  public static Optional<CapturedClassifier> of(List<ClassifierSnapshot> parts) {
    ClassifierSnapshot first = parts.get(0);
    double[] weight = new double[Math.multiplyExact(first.classes(), first.dim())];
    double[] bias = new double[first.classes()];
    BitSet rows = new BitSet();
    for (ClassifierSnapshot part : parts) {
      copy(part.weight(), weight, part.rowOffset() * first.dim());
      part.bias().ifPresent(b -> copy(b, bias, part.rowOffset()));
      rows.set(part.rowOffset(), part.rowOffset() + part.weight().rows());
    }
    if (rows.cardinality() < first.classes()) {
      return Optional.empty();
    }
    boolean biased = parts.stream().allMatch(part -> part.bias().isPresent());
    Classifier whole =
        new Classifier(
            first.classes(), first.dim(), weight, biased ? Optional.of(bias) : Optional.empty());
    return Optional.of(new CapturedClassifier(first.header().step(), whole));
  }

  private static void copy(Tensor from, double[] to, int offset) {
    for (int i = 0; i < from.size(); i++) {
      to[offset + i] = from.doubleAt(i);
    }
  }
}
