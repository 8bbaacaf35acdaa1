package io.collapsewatch.analyzer.compare;

import io.collapsewatch.analyzer.reference.FlowPath;
import io.collapsewatch.analyzer.reference.FlowPath.Times;
import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.analyzer.reference.ModelSettings;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.ModelComparison;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What the way of a calibrated model depends on. The model is simulated in a smaller size that ends
 * at the same closed form: n′ samples of each class with nλ_H as it is, d′ dimensions. Scaling W by
 * s and H by 1/s changes no output and no metric, so W and H are taken in the units that make λ_W =
 * λ_H = λ, in which the sources start from N(0,1): c = K√n′ λ. What is left is c, in steps of 10 %.
 *
 * @param model {@code ce-ufm}, {@code mse-ufm}, {@code mse-ufm-bias} or {@code ce-ulpm}
 * @param classes K ≤ {@value #MOST_CLASSES}
 * @param dim d′
 * @param samples n′
 * @param lnShrinkage ln c over {@value #LN_STEP}, rounded; 0 for {@code ce-ulpm}
 */
record CurveKey(ModelKind model, int classes, int dim, int samples, int lnShrinkage) {

  /** Beyond this a simulation takes minutes. */
  static final int MOST_CLASSES = 100;

  private static final double LN_STEP = 0.1;
  private static final int DIM = 32;
  private static final int SAMPLES_PER_CLASS = 16;
  private static final int SAMPLES = 400;
  private static final int POINTS = 120;
  private static final long SEED = 1;

  /** In this time nothing moves: no gradient of a mean loss from N(0,1) is of the order of e³. */
  private static final double LN_FIRST = -3;

  /** Time is counted in 1/λ, as weights decay. At 30 of them everything has ended. */
  private static final double DECAY_TIMES = 30;

  /** Without an end: at e⁶⁰ the metrics of {@code ce-ulpm} fall by a hundredth in a factor of 2. */
  private static final double LN_LAST_WITHOUT_END = 60;

  private static final int MOST_EVALUATIONS = 30_000;

  /** Multiplications: ten seconds of one core at the widest, where it cuts the way short. */
  private static final double MOST_WORK = 2e10;

  /** The way of that model; none without a model, with too many classes, or where it ends at 0. */
  static Optional<CurveKey> of(ModelComparison comparison, int classes, int dim) {
    Optional<ModelKind> model = comparison.model().flatMap(ModelKind::of);
    double shrinkage = comparison.shrinkage().orElse(1);
    if (model.isEmpty() || classes < 2 || classes > MOST_CLASSES || shrinkage >= 1) {
      return Optional.empty();
    }
    boolean ends = model.get() != ModelKind.CE_ULPM;
    return ends && shrinkage <= 0
        ? Optional.empty()
        : Optional.of(
            new CurveKey(
                model.get(),
                classes,
                Math.max(classes, Math.min(dim, DIM)),
                samples(classes, comparison.samplesPerClass().orElse(SAMPLES_PER_CLASS)),
                ends ? (int) Math.round(Math.log(shrinkage) / LN_STEP) : 0));
  }

  /** Two at least: a single sample has no class to vary in. */
  private static int samples(int classes, double samplesPerClass) {
    int most = Math.min(SAMPLES_PER_CLASS, SAMPLES / classes);
    return (int) Math.max(2, Math.min(samplesPerClass, most));
  }

  private boolean ends() {
    return model != ModelKind.CE_ULPM;
  }

  /** λ = λ_W = λ_H. */
  private double decay() {
    return ends() ? Math.exp(LN_STEP * lnShrinkage) / (classes * Math.sqrt(samples)) : 0;
  }

  /** The metrics that a run is held against the model by. */
  List<MetricKey> metrics() {
    return model == ModelKind.MSE_UFM
        ? List.of(MetricKey.NC1, MetricKey.NC2_OF_WEIGHTS, MetricKey.NC3_DUALITY_UNCENTRED)
        : List.of(MetricKey.NC1, MetricKey.NC2_ETF_WEIGHTS, MetricKey.NC3_DUALITY);
  }

  /** The way, simulated. It takes seconds. */
  ModelCurve simulate() {
    ModelSettings settings =
        new ModelSettings(dim, Collections.nCopies(classes, samples), decay(), decay(), 0, 0, 0, 0);
    double work = 3.0 * classes * dim * classes * samples;
    int evaluations = (int) Math.min(MOST_EVALUATIONS, MOST_WORK / work);
    return ModelCurve.of(
        metrics(), FlowPath.of(model.create(settings), SEED, times(), evaluations));
  }

  private Times times() {
    return ends()
        ? new Times(LN_FIRST, Math.log(DECAY_TIMES / decay()), POINTS)
        // Its loss is a sum over the samples, and so is its gradient.
        : new Times(LN_FIRST - Math.log(classes * samples), LN_LAST_WITHOUT_END, POINTS);
  }
}
