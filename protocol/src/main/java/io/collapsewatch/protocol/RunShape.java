package io.collapsewatch.protocol;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What must stay the same throughout a run: its number of classes and the width of each captured
 * layer. Learnt from the first message that says it, held against every later one. Agent and
 * analyzer both keep one, because captures reach Kafka in other ways too.
 *
 * @param classes K, once known
 * @param labelsBelow one more than the highest label seen before K was known, 0 before the first
 * @param dims d of each layer seen so far
 * @param windows pairs of split and layer seen so far, as {@code split/layer}
 */
public record RunShape(
    OptionalInt classes, int labelsBelow, Map<String, Integer> dims, Set<String> windows) {

  /** Of a run of which nothing is known yet. */
  public static final RunShape UNKNOWN = new RunShape(OptionalInt.empty(), 0, Map.of(), Set.of());

  public RunShape {
    dims = Collections.unmodifiableMap(new TreeMap<>(dims));
    windows = Collections.unmodifiableSet(new TreeSet<>(windows));
  }

  /** K, or the fewest classes that the labels seen so far allow, at least 1. */
  public int classesAtLeast() {
    return classes.orElse(Math.max(1, labelsBelow));
  }

  /** Width of a layer, once known. */
  public OptionalInt dim(String layer) {
    Integer dim = dims.get(layer);
    return dim == null ? OptionalInt.empty() : OptionalInt.of(dim);
  }

  /**
   * What is known after {@code capture}.
   *
   * @throws MismatchedCaptureException if the capture has another K or d, a class outside 0..K−1,
   *     or is more than {@link Limits} allow
   */
  public RunShape accept(Capture capture) {
    String layer = capture.header().layer();
    if (capture instanceof RunStarted started) {
      RunShape known = this;
      if (started.settings().classes().isPresent()) {
        known = known.withClasses(started.settings().classes().getAsInt(), "the run message");
      }
      if (started.settings().dim().isPresent()) {
        known = known.withDim(layer, started.settings().dim().getAsInt(), "the run message");
      }
      return known;
    }
    if (capture instanceof ClassifierSnapshot classifier) {
      return withClasses(classifier.classes(), "weight").withDim(layer, classifier.dim(), "weight");
    }
    if (capture instanceof FeatureBatch batch) {
      return accept(batch, layer).withWindow(batch.header());
    }
    if (capture instanceof TrainingStats stats && stats.margins().isPresent()) {
      return withWindow(stats.header());
    }
    return this;
  }

  private RunShape withWindow(CaptureHeader header) {
    String window = header.split() + "/" + header.layer();
    if (windows.contains(window)) {
      return this;
    }
    if (windows.size() == Limits.WINDOWS) {
      throw new MismatchedCaptureException(
          "split %s with layer %s would be one more than the %d pairs of split and layer that a run may have"
              .formatted(header.split(), header.layer(), Limits.WINDOWS));
    }
    Set<String> all = new TreeSet<>(windows);
    all.add(window);
    return new RunShape(classes, labelsBelow, dims, all);
  }

  private RunShape accept(FeatureBatch batch, String layer) {
    RunShape known = withDim(layer, batch.dim(), "features");
    if (batch.logits().isPresent()) {
      known = known.withClasses(batch.logits().get().columns(), "logits");
    }
    if (known.classes.isPresent()) {
      requireBelow("label", batch.labels(), known.classes.getAsInt());
      if (batch.predictions().isPresent()) {
        requireBelow("prediction", batch.predictions().get(), known.classes.getAsInt());
      }
    }
    return known.withLabels(batch.labels());
  }

  private RunShape withLabels(Tensor labels) {
    if (classes.isPresent()) {
      return this;
    }
    long below = labelsBelow;
    for (int i = 0; i < labels.size(); i++) {
      below = Math.max(below, labels.longAt(i) + 1);
    }
    return new RunShape(classes, Math.toIntExact(below), dims, windows).measurable();
  }

  private RunShape withClasses(int k, String from) {
    if (classes.isPresent() && classes.getAsInt() != k) {
      throw new MismatchedCaptureException(
          "%s has %d classes and the run has %d; a run keeps its number of classes"
              .formatted(from, k, classes.getAsInt()));
    }
    if (labelsBelow > k) {
      throw new MismatchedCaptureException(
          "%s has %d classes and the run has had label %d; expected more classes than that"
              .formatted(from, k, labelsBelow - 1));
    }
    return new RunShape(OptionalInt.of(k), labelsBelow, dims, windows).measurable();
  }

  private RunShape measurable() {
    dims.forEach(
        (layer, d) -> {
          if ((long) classesAtLeast() * d > Limits.CLASSIFIER_ELEMENTS) {
            throw new MismatchedCaptureException(
                "%d classes and layer %s of width %d are more than can be measured; expected classes times width of at most %d"
                    .formatted(classesAtLeast(), layer, d, Limits.CLASSIFIER_ELEMENTS));
          }
        });
    return this;
  }

  private RunShape withDim(String layer, int d, String from) {
    if (d > Limits.DIM) {
      throw new MismatchedCaptureException(
          "%s is %d wide; expected at most %d".formatted(from, d, Limits.DIM));
    }
    Integer known = dims.get(layer);
    if (known != null && known != d) {
      throw new MismatchedCaptureException(
          "%s is %d wide and layer %s of the run is %d wide; a layer keeps its width"
              .formatted(from, d, layer, known));
    }
    if (known == null && dims.size() == Limits.LAYERS) {
      throw new MismatchedCaptureException(
          "layer %s would be one more than the %d that a run may have"
              .formatted(layer, Limits.LAYERS));
    }
    Map<String, Integer> all = new TreeMap<>(dims);
    all.put(layer, d);
    return new RunShape(classes, labelsBelow, all, windows).measurable();
  }

  private static void requireBelow(String name, Tensor values, int classes) {
    for (int i = 0; i < values.size(); i++) {
      if (values.longAt(i) >= classes) {
        throw new MismatchedCaptureException(
            "%s %d in row %d; expected a class in 0..%d"
                .formatted(name, values.longAt(i), i, classes - 1));
      }
    }
  }
}
