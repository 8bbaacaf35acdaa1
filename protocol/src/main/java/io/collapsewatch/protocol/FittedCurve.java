package io.collapsewatch.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The way that a reference model takes, laid over the steps of a run: model time is {@code
 * timePerStep} · (step − {@code alignedStep}), counted from the model's start or from the beginning
 * of its own terminal phase. A later one of the same run takes its place.
 *
 * @param version of this format: {@value #VERSION}
 * @param run id of the run
 * @param attempt how often it was restarted
 * @param model as {@code simulate} names it
 * @param aligned what of the model lies at {@code alignedStep}
 * @param alignedStep step of the run
 * @param timePerStep &gt; 0, fitted
 * @param residual root mean square of log10(measured/model) over all fitted metrics and reports
 * @param lineResidual the same with the best horizontal line for each metric in the curve's place:
 *     a curve that leaves no less explains nothing
 * @param reports how many it was fitted to
 * @param residuals the same by metric key
 * @param steps ascending, at most {@value #MOST_STEPS}
 * @param metrics by metric key: the model's value at each of {@code steps}
 * @param complete whether the simulation reached the last step; false where its budget or its
 *     precision ended first
 * @param timestampMs when the newest report that it was fitted to fell due, ms since 1970
 */
public record FittedCurve(
    int version,
    String run,
    int attempt,
    String model,
    Alignment aligned,
    long alignedStep,
    double timePerStep,
    double residual,
    double lineResidual,
    int reports,
    Map<String, Double> residuals,
    List<Long> steps,
    Map<String, List<Double>> metrics,
    boolean complete,
    long timestampMs) {

  /** The version of the format that this build writes. */
  public static final int VERSION = 1;

  /** The most steps that a curve has. */
  public static final int MOST_STEPS = 256;

  /** What of the model lies at a step of the run. */
  public enum Alignment {
    /** Its random start. */
    START,
    /** The first moment at which it classifies everything correctly. */
    TERMINAL_PHASE
  }

  /**
   * @throws IllegalArgumentException if a value is outside its range, with the field, what was read
   *     and what was expected
   */
  public FittedCurve {
    Objects.requireNonNull(aligned, "aligned");
    require(CaptureHeader.ID.matcher(run).matches(), "run", Printable.quote(run), CaptureHeader.ID);
    require(!model.isBlank() && model.length() <= 64, "model", Printable.quote(model), "a name");
    require(attempt >= 0, "attempt", attempt, "at least 0");
    require(alignedStep >= 0, "aligned_step", alignedStep, "at least 0");
    require(
        timePerStep > 0 && Double.isFinite(timePerStep),
        "time_per_step",
        timePerStep,
        "a finite number above 0");
    requireResidual("residual", residual);
    requireResidual("line_residual", lineResidual);
    residuals.forEach((key, value) -> requireResidual("the residual of " + key, value));
    require(reports >= 0, "reports", reports, "at least 0");
    require(steps.size() <= MOST_STEPS, "the number of steps", steps.size(), "at most 256");
    require(timestampMs >= 0, "timestamp_ms", timestampMs, "at least 0");
    steps = ascending(steps);
    residuals = Collections.unmodifiableMap(new LinkedHashMap<>(residuals));
    metrics = asLong(metrics, steps.size());
  }

  /** Whether it is nearer to the run than horizontal lines are. */
  public boolean explains() {
    return residual < lineResidual;
  }

  private static List<Long> ascending(List<Long> steps) {
    for (int i = 0; i < steps.size(); i++) {
      long before = i == 0 ? -1 : steps.get(i - 1);
      require(steps.get(i) > before, "a step", steps.get(i), "more than " + before);
    }
    return List.copyOf(steps);
  }

  private static Map<String, List<Double>> asLong(Map<String, List<Double>> metrics, int length) {
    Map<String, List<Double>> copy = new LinkedHashMap<>();
    metrics.forEach(
        (key, values) -> {
          require(
              values.size() == length,
              "the length of " + key,
              values.size(),
              "%d".formatted(length));
          values.forEach(v -> require(Double.isFinite(v), key, v, "finite numbers"));
          copy.put(key, List.copyOf(values));
        });
    return Collections.unmodifiableMap(copy);
  }

  private static void requireResidual(String field, double value) {
    require(value >= 0 && Double.isFinite(value), field, value, "a finite number of at least 0");
  }

  private static void require(boolean met, String field, Object read, Object expected) {
    if (!met) {
      throw new IllegalArgumentException(
          "%s of a fitted curve is %s; expected %s".formatted(field, read, expected));
    }
  }
}
