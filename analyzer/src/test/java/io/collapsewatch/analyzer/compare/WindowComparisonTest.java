package io.collapsewatch.analyzer.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.analyzer.collapse.CollapseResult.Norms;
import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.analyzer.reference.ModelSettings;
import io.collapsewatch.analyzer.reference.OptimizerKind;
import io.collapsewatch.analyzer.reference.SimulatedLayer;
import io.collapsewatch.analyzer.reference.Simulation;
import io.collapsewatch.protocol.CheckKey;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.ModelComparison;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunSettings.Loss;
import io.collapsewatch.protocol.TheoryCheck;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WindowComparisonTest {

  private static final Norms NORMS = new Norms(20, 400, 3);

  private static RunSettings.Builder settings(Loss loss, double weightDecay) {
    return RunSettings.builder()
        .loss(loss)
        .weightDecay(weightDecay)
        .classCounts(Collections.nCopies(10, 100L));
  }

  private static Training training(RunSettings settings) {
    return new Training(settings, Map.of(), 0, OptionalDouble.empty());
  }

  private static Classifier classifier(int dim, boolean biased) {
    return new Classifier(
        10, dim, new double[10 * dim], biased ? Optional.of(new double[10]) : Optional.empty());
  }

  private static CollapseResult result(int classesPresent, Norms norms) {
    MetricValues metrics = new MetricValues();
    metrics.set(MetricKey.CLASSES_PRESENT, classesPresent);
    return new CollapseResult(
        metrics,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(norms),
        Optional.empty());
  }

  private static ModelComparison compare(Training training, boolean biased) {
    return WindowComparison.of(training, classifier(64, biased), result(10, NORMS));
  }

  private static ModelComparison compare(RunSettings settings) {
    return compare(training(settings), true);
  }

  /** λ_H = λ_W ‖W‖²/(n Σ_k mean‖h−μ_G‖²) = 5e-4 · 20/(100 · 400); c = 10 √(100 λ_W λ_H). */
  @Test
  void theFeaturesGetTheDecayThatBalances() {
    ModelComparison comparison = compare(settings(Loss.CROSS_ENTROPY, 5e-4).build());

    assertThat(comparison.model()).contains("ce-ufm");
    assertThat(comparison.remark()).isEmpty();
    assertThat(comparison.samplesPerClass()).hasValue(100);
    assertThat(comparison.weightDecay()).hasValue(5e-4);
    assertThat(comparison.featureDecay().orElseThrow()).isCloseTo(2.5e-7, within(1e-18));
    assertThat(comparison.shrinkage().orElseThrow())
        .isCloseTo(10 * Math.sqrt(100 * 5e-4 * 2.5e-7), within(1e-15));
  }

  /** Theory sheet, §4: times K/2, over the scale of the loss. */
  @Test
  void theDecayOfTheSquareLossIsTranslated() {
    ModelComparison comparison = compare(settings(Loss.MSE, 5e-3).lossScale(10).build());

    assertThat(comparison.model()).contains("mse-ufm-bias");
    assertThat(comparison.weightDecay().orElseThrow()).isCloseTo(2.5e-3, within(1e-18));
  }

  /** An orthogonal frame is not centred: 2.5e-3 · 20/(100 · (400 + 10 · 3)). */
  @Test
  void withoutBiasTheFeaturesCountFromTheOrigin() {
    ModelComparison comparison =
        compare(training(settings(Loss.MSE, 5e-3).lossScale(10).build()), false);

    assertThat(comparison.model()).contains("mse-ufm");
    assertThat(comparison.featureDecay().orElseThrow())
        .isCloseTo(2.5e-3 * 20 / 43_000, within(1e-20));
  }

  @Test
  void weightDecayIsReadFromTheStepsWhereTheRunDoesNotSayIt() {
    RunSettings silent =
        RunSettings.builder()
            .loss(Loss.CROSS_ENTROPY)
            .classCounts(Collections.nCopies(10, 100L))
            .build();
    Training reported =
        new Training(silent, Map.of("weight_decay", 1e-3), 0, OptionalDouble.empty());

    assertThat(compare(reported, true).weightDecay()).hasValue(1e-3);
  }

  /**
   * Oracle: a model that has been optimised, all λ = .005, as a run that is trained with the weight
   * decay that gives it this λ_W.
   */
  @ParameterizedTest
  @EnumSource(names = {"CE_UFM", "MSE_UFM", "MSE_UFM_BIAS"})
  void aModelAtItsMinimumMeetsEveryCheck(ModelKind kind) {
    Simulation simulation =
        new Simulation(
            kind.create(ModelSettings.balanced(4, 20, 50, 0.005)),
            OptimizerKind.L_BFGS.create(0.1),
            1);
    simulation.advance(600);
    SimulatedLayer layer = simulation.model().layers(simulation.at()).get(0);
    boolean square = kind != ModelKind.CE_UFM;
    RunSettings run =
        settings(square ? Loss.MSE : Loss.CROSS_ENTROPY, square ? 0.0025 : 0.005)
            .classCounts(Collections.nCopies(4, 50L))
            .build();

    ModelComparison comparison =
        WindowComparison.of(training(run), layer.classifier().orElseThrow(), layer.measure());

    assertThat(comparison.model()).contains(kind.key());
    assertThat(comparison.featureDecay().orElseThrow()).isCloseTo(0.005, within(1e-8));
    assertThat(comparison.checks()).hasSize(square ? 7 : 3);
    comparison.checks().forEach((key, check) -> assertMet(key, check));
  }

  private static void assertMet(String key, TheoryCheck check) {
    if (key.equals(CheckKey.WRONG_OUTPUT_SPREAD.key())) {
      assertThat(check.measured()).isLessThan(1e-5);
      assertThat(check.ratio()).isEmpty();
    } else {
      assertThat(check.ratio().orElseThrow()).as(key).isCloseTo(1, within(1e-5));
    }
  }

  /** Oracle: sums by the definitions over two classes of one sample each, worked by hand. */
  @Test
  void theChecksOfTheSquareLossAreWhatTheySay() {
    // f(h₀) = (0.9, 0.2), f(h₁) = (0, 0.7) with W = I, b = 0: ε = 1 − 0.8.
    RunSettings run = settings(Loss.MSE, 0.1).classCounts(List.of(5L, 5L)).build();
    Classifier identity =
        new Classifier(2, 2, new double[] {1, 0, 0, 1}, Optional.of(new double[2]));
    double[][] features = {{0.9, 0.2}, {0, 0.7}};

    ModelComparison comparison =
        WindowComparison.of(training(run), identity, Rows.measure(features, identity));

    // The wrong outputs are 0.2 and 0; around ε = 0.2 that is √((0² + 0.2²)/2).
    assertMeasured(comparison, CheckKey.WRONG_OUTPUT_SPREAD, Math.sqrt(0.02));
    assertMeasured(comparison, CheckKey.OUTPUT_GAP, 0.2);
    assertMeasured(comparison, CheckKey.MEAN_OUTPUT, 0.45);
    // ‖w_k‖² = 1 beside εη/(Kλ_W) with η = 1 − 2ε and λ_W = 0.1.
    assertMeasured(comparison, CheckKey.NORM_FROM_GAP, 1);
    assertThat(predicted(comparison, CheckKey.NORM_FROM_GAP))
        .isCloseTo(0.2 * 0.6 / (2 * 0.1), within(1e-12));
    assertThat(predicted(comparison, CheckKey.OUTPUT_GAP))
        .isCloseTo(comparison.shrinkage().orElseThrow() / 2, within(1e-12));
    assertThat(predicted(comparison, CheckKey.MEAN_OUTPUT)).isEqualTo(0.5);
  }

  private static void assertMeasured(ModelComparison comparison, CheckKey key, double expected) {
    assertThat(comparison.check(key).orElseThrow().measured())
        .as(key.key())
        .isCloseTo(expected, within(1e-12));
  }

  private static double predicted(ModelComparison comparison, CheckKey key) {
    return comparison.check(key).orElseThrow().predicted().orElseThrow();
  }

  @Test
  void withoutWeightDecayTheModelHasNoEnd() {
    CollapseResult result = result(10, NORMS);
    result.metrics().set(MetricKey.MARGIN_OPTIMALITY, 0.8);
    ModelComparison comparison =
        WindowComparison.of(
            training(settings(Loss.CROSS_ENTROPY, 0).optimizer("AdamW").build()),
            classifier(64, true),
            result);

    assertThat(comparison.model()).contains("ce-ulpm");
    assertThat(comparison.remark())
        .contains(
            "without weight decay the norms grow for ever and the metrics fall like powers of"
                + " 1/ln t: the model has a direction to go to and no end");
    assertThat(comparison.checks())
        .containsOnly(Map.entry("margin_optimality", TheoryCheck.of(0.8, 1)));
  }

  @Test
  void aRunThatFitsNoModelIsToldWhy() {
    RunSettings.Builder fits = settings(Loss.CROSS_ENTROPY, 5e-4);
    assertReason(
        RunSettings.builder().build(),
        "the run does not say its loss; the models know cross_entropy and mse");
    assertReason(
        RunSettings.builder().loss(Loss.MSE).build(),
        "the run does not say its weight decay, neither of itself nor with its steps");
    assertReason(
        fits.optimizer("AdamW").build(),
        "the weight decay of \"AdamW\" is decoupled from the loss, so no model has it as a regulariser");
    assertReason(
        settings(Loss.CROSS_ENTROPY, 5e-4).classCounts(List.of()).build(),
        "the run does not say how many training samples a class has (samples_per_class or class_counts)");
    assertReason(
        settings(Loss.MSE, 0).build(),
        "without weight decay it depends on the start where the square loss ends, so no model says it");
    assertReason(
        WindowComparison.of(
            training(settings(Loss.CROSS_ENTROPY, 5e-4).build()),
            classifier(64, true),
            result(9, NORMS)),
        "the window shows 9 of the 10 classes; the models have samples of each");
    assertReason(
        WindowComparison.of(
            training(settings(Loss.MSE, 5e-4).build()),
            classifier(64, true),
            result(10, new Norms(0, 3, 0))),
        "the classifier or the features have no length, so nothing can be calibrated");
  }

  /** A simplex ETF of 10 vectors needs 9 dimensions, an orthogonal frame 10. */
  @ParameterizedTest
  @CsvSource({"MSE, true, 8, 9", "CROSS_ENTROPY, false, 8, 9", "MSE, false, 9, 10"})
  void featuresMayBeTooNarrow(Loss loss, boolean biased, int dim, int needed) {
    assertReason(
        WindowComparison.of(
            training(settings(loss, 5e-4).build()), classifier(dim, biased), result(10, NORMS)),
        "the features have %d dimensions; the models need at least %d for 10 classes"
            .formatted(dim, needed));
  }

  private static void assertReason(RunSettings settings, String reason) {
    assertReason(compare(settings), reason);
  }

  private static void assertReason(ModelComparison comparison, String reason) {
    assertThat(comparison.remark()).contains(reason);
    assertThat(comparison.model()).isEmpty();
    assertThat(comparison.checks()).isEmpty();
  }

  @Test
  void whatRestrictsTheModelIsRemarked() {
    assertThat(
            compare(
                    settings(Loss.MSE, 5e-3)
                        .classCounts(List.of(10L, 20L, 20L, 20L, 20L, 20L, 20L, 20L, 20L, 20L))
                        .build())
                .remark())
        .contains("the classes have 10 to 20 training samples, and the model 19.00 of each");
    assertThat(compare(settings(Loss.CROSS_ENTROPY, 1).build()).remark())
        .contains(
            "the regularisers are so strong, c = 2.24, that the model ends at 0, as it does from"
                + " c = 1 on");
  }
}
