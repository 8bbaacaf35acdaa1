package io.collapsewatch.dashboard;

import io.collapsewatch.dashboard.board.Window;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.CheckKey;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.MarginHistogram;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.ModelComparison;
import io.collapsewatch.protocol.NoiseFloor;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.Slope;
import io.collapsewatch.protocol.TheoryCheck;
import io.collapsewatch.protocol.WindowReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Reports and statuses that say what a test is about and as little else as they may. */
public final class Given {

  /** The time of step 0; each step takes a second. */
  public static final long START_MS = 1_790_000_000_000L;

  private final String run;
  private final long step;
  private int attempt;
  private Window window = Window.ROLLING;
  private long timestampMs;
  private OptionalDouble epoch = OptionalDouble.empty();
  private Optional<MarginHistogram> margins = Optional.empty();
  private Optional<MarginStatistics> seen = Optional.empty();
  private Optional<ModelComparison> comparison = Optional.empty();
  private final MetricValues metrics = new MetricValues();
  private final Map<String, Double> norms = new LinkedHashMap<>();
  private final Map<String, Double> training = new TreeMap<>();
  private final Map<String, Long> dropped = new TreeMap<>();

  private Given(String run, long step) {
    this.run = run;
    this.step = step;
    this.timestampMs = START_MS + 1000 * step;
  }

  public static Given report(String run, long step) {
    return new Given(run, step);
  }

  public static WindowReport nc1(String run, long step, double nc1) {
    return report(run, step).with(MetricKey.NC1, nc1).build();
  }

  public static RunStatus status(String run, int attempt, RunStatus.State state, long timestampMs) {
    return status(run, attempt, state, timestampMs, Map.of());
  }

  public static RunStatus status(
      String run, int attempt, RunStatus.State state, long timestampMs, Map<String, String> tags) {
    return new RunStatus(
        RunStatus.VERSION,
        run,
        attempt,
        state,
        "because of 3 samples",
        timestampMs - 1,
        START_MS - 5,
        timestampMs,
        7,
        OptionalDouble.empty(),
        OptionalInt.of(3),
        Map.of("penultimate", 64),
        RunSettings.builder().classes(3).batchNorm(true).tags(tags).build(),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * One of attempt 0 with everything that a judge says: terminal since step 280, a floor of 0.1.
   */
  public static RunStatus judged(String run, RunStatus.State state) {
    return new RunStatus(
        RunStatus.VERSION,
        run,
        0,
        state,
        "because of 3 samples",
        START_MS,
        START_MS,
        START_MS,
        7,
        OptionalDouble.empty(),
        OptionalInt.of(3),
        Map.of("penultimate", 64),
        RunSettings.builder().classes(3).build(),
        OptionalLong.of(280),
        OptionalDouble.of(10),
        Optional.of(new NoiseFloor(0.1, NoiseFloor.Source.SETTING)),
        Optional.of(new Slope(-0.45, -0.5, -0.4, 33)));
  }

  /** A curve of nc1 = 1000 · step^−1 between the steps 28 and 2800 in powers of ten. */
  public static FittedCurve curve(String run, int attempt, double residual) {
    return curve(run, attempt, "ce-ufm", residual);
  }

  public static FittedCurve curve(String run, int attempt, String model, double residual) {
    return new FittedCurve(
        FittedCurve.VERSION,
        run,
        attempt,
        model,
        FittedCurve.Alignment.TERMINAL_PHASE,
        280,
        0.5,
        residual,
        residual + 0.5,
        33,
        Map.of("nc1", residual),
        List.of(28L, 280L, 2800L),
        Map.of("nc1", List.of(1000.0 / 28, 1000.0 / 280, 1000.0 / 2800)),
        true,
        START_MS);
  }

  /** One of attempt 0 that fires since so many milliseconds after step 0. */
  public static Alert alert(String run, Alert.State state, long startsAfterMs) {
    return alert(run, state, Alert.Status.FIRING, startsAfterMs, OptionalLong.empty());
  }

  /** The same at its end. */
  public static Alert resolved(
      String run, Alert.State state, long startsAfterMs, long endsAfterMs) {
    return alert(
        run, state, Alert.Status.RESOLVED, startsAfterMs, OptionalLong.of(START_MS + endsAfterMs));
  }

  private static Alert alert(
      String run, Alert.State state, Alert.Status status, long startsAfterMs, OptionalLong endsMs) {
    long startsMs = START_MS + startsAfterMs;
    return new Alert(
        Alert.VERSION,
        run,
        0,
        state,
        status,
        "because of 3 <reports>",
        startsMs,
        endsMs,
        startsAfterMs / 1000,
        OptionalDouble.empty(),
        endsMs.orElse(startsMs) + 1);
  }

  public Given attempt(int value) {
    attempt = value;
    return this;
  }

  public Given window(String split, String layer, WindowReport.Kind kind) {
    window = new Window(split, layer, kind);
    return this;
  }

  public Given at(long newTimestampMs) {
    timestampMs = newTimestampMs;
    return this;
  }

  public Given epoch(double value) {
    epoch = OptionalDouble.of(value);
    return this;
  }

  public Given with(MetricKey key, double value) {
    metrics.set(key, value);
    return this;
  }

  public Given norm(String layer, double value) {
    norms.put(layer, value);
    return this;
  }

  public Given training(String name, double value) {
    training.put(name, value);
    return this;
  }

  public Given dropped(String reason, long count) {
    dropped.put(reason, count);
    return this;
  }

  public Given margins(double... values) {
    margins = Optional.of(MarginHistogram.of(values));
    return this;
  }

  public Given seen(long correct, double... values) {
    seen = Optional.of(MarginStatistics.of(values, correct));
    return this;
  }

  /** Held against a model: a ratio of 1.02, one of 2.07 and a check without a prediction. */
  public Given compared(String remark) {
    Map<String, TheoryCheck> checks = new LinkedHashMap<>();
    checks.put(CheckKey.MARGIN_MEAN.key(), TheoryCheck.of(8.93, 8.75));
    checks.put(CheckKey.WEIGHT_NORM_SQUARED.key(), TheoryCheck.of(5.18, 2.5));
    checks.put(
        CheckKey.RHO.key(), new TheoryCheck(11.5, OptionalDouble.empty(), OptionalDouble.empty()));
    comparison =
        Optional.of(
            new ModelComparison(
                Optional.of("ce-ufm"),
                Optional.of(remark),
                OptionalDouble.of(179.7),
                OptionalDouble.of(5e-4),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                checks));
    return this;
  }

  public WindowReport build() {
    return new WindowReport(
        WindowReport.VERSION,
        run,
        attempt,
        window.split(),
        window.layer(),
        window.kind(),
        Optional.empty(),
        0,
        step,
        epoch,
        timestampMs,
        OptionalInt.of(3),
        64,
        0.5,
        2,
        OptionalLong.empty(),
        metrics,
        Optional.empty(),
        Optional.empty(),
        margins,
        seen,
        Map.of(),
        Optional.empty(),
        norms,
        training,
        comparison,
        dropped,
        List.of());
  }
}
