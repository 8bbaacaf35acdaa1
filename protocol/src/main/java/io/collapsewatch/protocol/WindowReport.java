package io.collapsewatch.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What was measured on one window of a (run, attempt, split, layer).
 *
 * @param version of this format: {@value #VERSION}
 * @param kind how the samples were chosen
 * @param snapshot id of the pass, for a snapshot
 * @param stepFirst step of the oldest sample
 * @param stepLast step of the newest sample
 * @param epoch epoch of the newest sample, where the run says it
 * @param timestampMs when the capture that made the report due was appended, ms since 1970
 * @param classes K, where the run says it
 * @param dim d
 * @param completeness for a rolling window, samples held over samples that fit (K·S); for a
 *     snapshot 1 if every rank has ended it, else the share of ranks that have
 * @param oldestSampleAge steps between the oldest and the newest sample
 * @param classifierStep step of the classifier that the metrics use, if there is one
 * @param metrics every metric that is defined
 * @param frame {@code etf} or {@code of}: which of the two the classifier is nearer to
 * @param worstPair the classes whose centred means have the largest cosine
 * @param marginHistogram margins of the samples of the window
 * @param marginsSeen margins of every row since the previous report of the window, sampled or not
 * @param classVariability v_k / tr Σ_B of each present class, by class
 * @param cosines cosines between centred class means and between classifiers
 * @param layerNorms ‖W_l‖_F by layer as last reported, first layer first
 * @param training the last loss, accuracy, learning rate and weight decay reported
 * @param comparison the window beside the model that the run trains, where there is a classifier
 * @param dropped messages lost before the analyzer, by reason, over all ranks of the attempt
 * @param notes a sentence for each thing that is missing here and why
 */
public record WindowReport(
    int version,
    String run,
    int attempt,
    String split,
    String layer,
    Kind kind,
    Optional<String> snapshot,
    long stepFirst,
    long stepLast,
    OptionalDouble epoch,
    long timestampMs,
    OptionalInt classes,
    int dim,
    double completeness,
    long oldestSampleAge,
    OptionalLong classifierStep,
    MetricValues metrics,
    Optional<String> frame,
    Optional<ClassPair> worstPair,
    Optional<MarginHistogram> marginHistogram,
    Optional<MarginStatistics> marginsSeen,
    Map<Integer, Double> classVariability,
    Optional<Cosines> cosines,
    Map<String, Double> layerNorms,
    Map<String, Double> training,
    Optional<ModelComparison> comparison,
    Map<String, Long> dropped,
    List<String> notes) {

  /** The version of the format that this build writes. */
  public static final int VERSION = 1;

  /** How the samples of a window were chosen. */
  public enum Kind {
    /** The newest samples of each class of live training batches. */
    ROLLING,
    /** All samples of one pass with frozen weights. */
    SNAPSHOT
  }

  /**
   * Two classes and the cosine between their vectors.
   *
   * @param first the lower class
   * @param second the higher class
   * @param cosine −1..1
   */
  public record ClassPair(int first, int second, double cosine) {
    public ClassPair {
      requireFinite("the cosine of a pair of classes", cosine);
    }
  }

  /**
   * Cosines between the vectors of classes, to 4 digits. Up to {@value #ALL_UP_TO} classes all of
   * them, beyond that the extremes only.
   *
   * @param classes the classes that the means are of, ascending
   * @param means upper triangle without the diagonal, row by row, of the cosines between centred
   *     means; entries that are undefined are null
   * @param weights the same between the classifiers of all K classes
   * @param extremes the pairs of means with the largest cosines, largest first, where there are too
   *     many classes for all
   */
  public record Cosines(
      List<Integer> classes, List<Double> means, List<Double> weights, List<ClassPair> extremes) {

    /** The most classes for which all cosines are reported. */
    public static final int ALL_UP_TO = 100;

    public Cosines {
      classes = List.copyOf(classes);
      means = finiteOrNull("a cosine of means", means);
      weights = finiteOrNull("a cosine of weights", weights);
      extremes = List.copyOf(extremes);
    }

    private static List<Double> finiteOrNull(String what, List<Double> cosines) {
      for (Double cosine : cosines) {
        if (cosine != null) {
          requireFinite(what, cosine);
        }
      }
      return Collections.unmodifiableList(new ArrayList<>(cosines));
    }
  }

  /**
   * @throws IllegalArgumentException if a number is not finite: such a number is to be left out
   */
  public WindowReport {
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(split, "split");
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(metrics, "metrics");
    Objects.requireNonNull(comparison, "comparison");
    epoch.ifPresent(number -> requireFinite("epoch", number));
    requireFinite("completeness", completeness);
    classVariability.forEach((k, v) -> requireFinite("the variability of class " + k, v));
    layerNorms.forEach((name, v) -> requireFinite("the norm of layer " + Printable.quote(name), v));
    training.forEach((name, v) -> requireFinite(name + " of the training", v));
    classVariability = Collections.unmodifiableMap(new TreeMap<>(classVariability));
    layerNorms = Collections.unmodifiableMap(new LinkedHashMap<>(layerNorms));
    training = Collections.unmodifiableMap(new TreeMap<>(training));
    dropped = Collections.unmodifiableMap(new TreeMap<>(dropped));
    notes = List.copyOf(notes);
  }

  private static void requireFinite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "%s is %s in a report; expected a finite number or nothing".formatted(what, value));
    }
  }
}
