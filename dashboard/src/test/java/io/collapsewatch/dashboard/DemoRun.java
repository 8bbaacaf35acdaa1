package io.collapsewatch.dashboard;

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
import io.collapsewatch.protocol.WindowReport.ClassPair;
import io.collapsewatch.protocol.WindowReport.Cosines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A made-up run with curves like those of a real one: the n-th report of a seed is always the same.
 * NC1 and what goes with it fall like a power of the epoch, margins grow like its logarithm.
 */
final class DemoRun {

  private static final int STEPS_PER_REPORT = 28;
  private static final double STEPS_PER_EPOCH = 28;
  private static final int DIM = 64;
  private static final int MARGINS = 640;

  /** Where the training error reaches 0, in epochs. */
  private static final double TERMINAL_EPOCH = 40;

  private static final long TERMINAL_STEP = (long) (TERMINAL_EPOCH * STEPS_PER_EPOCH);
  private static final double FLOOR = 0.1;

  private final String id;
  private final int classes;
  private final long startMs;
  private final long intervalMs;
  private final long seed;

  /**
   * @param startMs time of the first report
   * @param intervalMs from one report to the next
   */
  DemoRun(String id, int classes, long startMs, long intervalMs) {
    this.id = id;
    this.classes = classes;
    this.startMs = startMs;
    this.intervalMs = intervalMs;
    this.seed = id.hashCode();
  }

  String id() {
    return id;
  }

  /** The n-th report of the rolling window of the penultimate layer. */
  WindowReport rolling(int n) {
    return report(n, "train", "penultimate", WindowReport.Kind.ROLLING, 1);
  }

  /** The n-th report of an earlier layer, which collapses less. */
  WindowReport earlierLayer(int n) {
    return report(n, "train", "block-3", WindowReport.Kind.ROLLING, 6);
  }

  /** The n-th pass over all data with frozen weights: about half of what the window shows. */
  WindowReport snapshot(int n, String split) {
    double scale = split.equals("train") ? 0.5 : 1.8;
    return report(n, split, "penultimate", WindowReport.Kind.SNAPSHOT, scale);
  }

  /** How it stands after the n-th report. */
  RunStatus status(int n, RunStatus.State state, String reason, Map<String, String> tags) {
    RunSettings settings =
        RunSettings.builder()
            .classes(classes)
            .dim(DIM)
            .loss(RunSettings.Loss.CROSS_ENTROPY)
            .optimizer("sgd, momentum 0.9")
            .weightDecay(5e-4)
            .batchNorm(true)
            .bias(true)
            .tags(tags)
            .build();
    return new RunStatus(
        RunStatus.VERSION,
        id,
        0,
        state,
        reason,
        timestamp(n * 2 / 3),
        startMs,
        timestamp(n),
        step(n),
        OptionalDouble.of(step(n) / STEPS_PER_EPOCH),
        OptionalInt.of(classes),
        Map.of("penultimate", DIM, "block-3", 2 * DIM),
        settings,
        terminal(n) ? OptionalLong.of(TERMINAL_STEP) : OptionalLong.empty(),
        terminal(n) ? OptionalDouble.of(TERMINAL_EPOCH) : OptionalDouble.empty(),
        Optional.of(new NoiseFloor(FLOOR, NoiseFloor.Source.SETTING)),
        n < 20 ? Optional.empty() : Optional.of(new Slope(-1.12, -1.2, -1.04, Math.min(64, n))));
  }

  /** The model's way as it would be fitted after the n-th report: a little steeper than the run. */
  FittedCurve curve(int n) {
    List<Long> steps = new ArrayList<>();
    for (double step = STEPS_PER_REPORT; step < step(n); step *= 1.06) {
      steps.add((long) step);
    }
    steps.add(step(n));
    List<Double> nc1 = steps.stream().map(step -> modelled(step / STEPS_PER_EPOCH)).toList();
    return new FittedCurve(
        FittedCurve.VERSION,
        id,
        0,
        "ce-ufm",
        FittedCurve.Alignment.TERMINAL_PHASE,
        TERMINAL_STEP,
        0.02,
        0.21,
        0.4,
        Math.min(64, n + 1),
        Map.of("nc1", 0.21, "nc2_etf_weights", 0.13, "nc3_duality", 0.34),
        steps,
        Map.of(
            "nc1", nc1,
            "nc2_etf_weights", nc1.stream().map(v -> 0.5 * v).toList(),
            "nc3_duality", nc1.stream().map(v -> 0.4 * v).toList()),
        true,
        timestamp(n));
  }

  /** Ratios that go to 1, by the run's age; those of a check without a prediction are absent. */
  private ModelComparison comparison(double epoch) {
    double excess = 2.5 / (1 + epoch / 10);
    Map<String, TheoryCheck> checks = new LinkedHashMap<>();
    put(checks, CheckKey.MARGIN_MEAN, 8.75 * (1 - excess / 4), 8.75);
    put(checks, CheckKey.WEIGHT_NORM_SQUARED, 2.5 * (1 + excess), 2.5);
    put(checks, CheckKey.FEATURE_NORM_SQUARED, 31 * (1 + excess / 2), 31);
    put(checks, CheckKey.WRONG_OUTPUT_SPREAD, 0.02 * excess, 0);
    checks.put(
        CheckKey.RHO.key(), new TheoryCheck(11.5, OptionalDouble.empty(), OptionalDouble.empty()));
    put(checks, CheckKey.MARGIN_OPTIMALITY, 1 - 1 / (1 + epoch / 20), 1);
    return new ModelComparison(
        Optional.of("ce-ufm"),
        Optional.of("The run has a bias, which the model leaves out."),
        OptionalDouble.of(179.7),
        OptionalDouble.of(5e-4),
        OptionalDouble.of(1.2e-5),
        OptionalDouble.of(0.0104),
        checks);
  }

  private static void put(
      Map<String, TheoryCheck> checks, CheckKey key, double measured, double predicted) {
    checks.put(key.key(), TheoryCheck.of(measured, predicted));
  }

  private static double modelled(double epoch) {
    return 3.4 / Math.pow(1 + epoch / 3, 1.35);
  }

  private boolean terminal(int n) {
    return step(n) >= TERMINAL_STEP;
  }

  /** The state that the n-th report would bring it to. */
  RunStatus.State stateAt(int n) {
    double epoch = step(n) / STEPS_PER_EPOCH;
    if (epoch < 2) {
      return RunStatus.State.WAITING;
    }
    return epoch < TERMINAL_EPOCH ? RunStatus.State.FITTING : RunStatus.State.COLLAPSING;
  }

  long step(int n) {
    return (long) (n + 1) * STEPS_PER_REPORT;
  }

  long timestamp(int n) {
    return startMs + n * intervalMs;
  }

  private WindowReport report(
      int n, String split, String layer, WindowReport.Kind kind, double scale) {
    Random random = new Random(seed * 1_000_003 + n * 31L + (split + layer + kind).hashCode());
    double epoch = step(n) / STEPS_PER_EPOCH;
    double[] margins = margins(random, epoch);
    MarginStatistics seen = MarginStatistics.of(margins, correct(margins));
    boolean rolling = kind == WindowReport.Kind.ROLLING;
    return new WindowReport(
        WindowReport.VERSION,
        id,
        0,
        split,
        layer,
        kind,
        rolling ? Optional.empty() : Optional.of("epoch-" + (long) epoch),
        rolling ? Math.max(0, step(n) - 900) : step(n),
        step(n),
        OptionalDouble.of(epoch),
        timestamp(n),
        OptionalInt.of(classes),
        layer.equals("penultimate") ? DIM : 2 * DIM,
        rolling ? Math.min(1, 0.2 + epoch / 10) : 1,
        rolling ? Math.min(900, step(n)) : 0,
        OptionalLong.of(step(n)),
        metrics(random, epoch, scale, margins, layer.equals("penultimate")),
        Optional.of("etf"),
        Optional.of(new ClassPair(3, Math.min(8, classes - 1), cosine(random, epoch) + 0.05)),
        Optional.of(MarginHistogram.of(margins)),
        rolling ? Optional.of(seen) : Optional.empty(),
        variabilities(random, epoch, scale),
        Optional.of(cosines(random, epoch)),
        norms(epoch),
        training(random, epoch),
        layer.equals("penultimate") && split.equals("train")
            ? Optional.of(comparison(epoch))
            : Optional.empty(),
        n % 400 < 20 ? Map.of() : Map.of("sampled", (long) n / 7, "buffer_full", (long) n / 900),
        epoch < 3 ? List.of("class 7 was not seen yet; the averages leave it out") : List.of());
  }

  private double[] margins(Random random, double epoch) {
    double mean = 3 * Math.log1p(epoch) - 1;
    double spread = 0.4 + 3 / (1 + epoch / 10);
    return IntStream.range(0, MARGINS)
        .mapToDouble(i -> mean + spread * random.nextGaussian())
        .toArray();
  }

  private static long correct(double[] margins) {
    return Arrays.stream(margins).filter(m -> m > 0).count();
  }

  private MetricValues metrics(
      Random random, double epoch, double scale, double[] margins, boolean withClassifier) {
    double fall = scale * 3 / Math.pow(1 + epoch / 3, 1.2) * Math.exp(0.15 * random.nextGaussian());
    MetricValues metrics = new MetricValues();
    for (MetricKey key : MetricKey.values()) {
      metrics.set(key, fall * (0.3 + 0.1 * (key.key().length() % 7)));
    }
    metrics.set(MetricKey.NC1, fall);
    metrics.set(MetricKey.CLASSES_PRESENT, classes);
    metrics.set(MetricKey.SAMPLES, MARGINS);
    metrics.set(MetricKey.SAMPLES_PER_CLASS_MIN, (double) MARGINS / classes);
    metrics.set(MetricKey.BETWEEN_RANK, classes - 1);
    metrics.set(MetricKey.NC4_NCC_MISMATCH, Math.max(0, 0.4 - epoch / 60));
    metrics.set(MetricKey.LN_RHO, 4 + 0.5 * Math.log1p(epoch));
    putMargins(metrics, margins);
    metrics.set(MetricKey.MARGIN_OPTIMALITY, 1 - 1 / (1 + epoch / 20));
    metrics.set(MetricKey.CE_FLOOR, 0.5 / (1 + epoch * epoch / 50));
    if (!withClassifier) {
      Arrays.stream(MetricKey.values())
          .filter(key -> key.key().startsWith("nc3") || key.key().endsWith("weights"))
          .forEach(key -> metrics.set(key, Double.NaN));
    }
    return metrics;
  }

  private static void putMargins(MetricValues metrics, double[] margins) {
    double[] sorted = margins.clone();
    Arrays.sort(sorted);
    double mean = Arrays.stream(margins).average().orElseThrow();
    metrics.set(MetricKey.MARGIN_MIN, sorted[0]);
    metrics.set(MetricKey.MARGIN_MEAN, mean);
    metrics.set(
        MetricKey.MARGIN_STD,
        Math.sqrt(Arrays.stream(margins).map(m -> (m - mean) * (m - mean)).average().orElse(0)));
    int[] percents = {1, 5, 25, 50, 75, 95, 99};
    for (int i = 0; i < percents.length; i++) {
      MetricKey key = MetricKey.of("margin_p%02d".formatted(percents[i])).orElseThrow();
      metrics.set(key, sorted[(sorted.length - 1) * percents[i] / 100]);
    }
    metrics.set(MetricKey.ACCURACY, (double) correct(margins) / margins.length);
  }

  private Map<Integer, Double> variabilities(Random random, double epoch, double scale) {
    Map<Integer, Double> all = new TreeMap<>();
    for (int k = 0; k < classes; k++) {
      all.put(k, scale * (0.5 + k % 5) / (1 + epoch) * Math.exp(0.1 * random.nextGaussian()));
    }
    return all;
  }

  private double cosine(Random random, double epoch) {
    double collapsed = -1.0 / (classes - 1);
    double noise = 0.6 * random.nextGaussian() / (1 + epoch / 4);
    return Math.max(-1, Math.min(0.95, Math.round((collapsed + noise) * 1e4) / 1e4));
  }

  private Cosines cosines(Random random, double epoch) {
    int pairs = classes * (classes - 1) / 2;
    List<ClassPair> extremes = new ArrayList<>();
    if (classes > Cosines.ALL_UP_TO) {
      for (int i = 0; i < 50; i++) {
        int first = random.nextInt(classes - 1);
        extremes.add(new ClassPair(first, first + 1, cosine(random, epoch)));
      }
      extremes.sort(Comparator.comparingDouble(ClassPair::cosine).reversed());
      pairs = 0;
    }
    List<Double> means = random.doubles(pairs).mapToObj(u -> cosine(random, epoch)).toList();
    List<Double> weights = random.doubles(pairs).mapToObj(u -> cosine(random, epoch)).toList();
    return new Cosines(IntStream.range(0, classes).boxed().toList(), means, weights, extremes);
  }

  private static Map<String, Double> norms(double epoch) {
    Map<String, Double> norms = new LinkedHashMap<>();
    norms.put("stem", 2 + 0.1 * Math.log1p(epoch));
    norms.put("block-1", 4 + 0.3 * Math.log1p(epoch));
    norms.put("block-2", 5 + 0.4 * Math.log1p(epoch));
    norms.put("block-3", 6 + 0.5 * Math.log1p(epoch));
    norms.put("head", 1.5 + Math.log1p(epoch));
    return norms;
  }

  private static Map<String, Double> training(Random random, double epoch) {
    return Map.of(
        "loss",
        2.3 / (1 + epoch * epoch / 20) * Math.exp(0.2 * random.nextGaussian()),
        "accuracy",
        Math.min(1, 0.1 + epoch / 45),
        "learning_rate",
        epoch < 60 ? 0.05 : 0.005,
        "weight_decay",
        5e-4);
  }
}
