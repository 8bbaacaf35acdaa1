package io.collapsewatch.analyzer.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.analyzer.GoldenCase;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.analyzer.collapse.CollapseResult.Norms;
import io.collapsewatch.analyzer.reference.Equilibrium;
import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.analyzer.saved.MeasurablePass;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunSettings.Loss;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrationTest {

  private static final Norms NORMS = new Norms(20, 400);

  private static RunSettings.Builder settings(Loss loss, double weightDecay) {
    return RunSettings.builder()
        .classes(10)
        .loss(loss)
        .weightDecay(weightDecay)
        .classCounts(Collections.nCopies(10, 100L));
  }

  private static Comparison comparison(RunSettings settings) {
    return Calibration.of(settings, 10, 64, true, NORMS);
  }

  /**
   * The table at the end of the theory sheet, §5, to its printed digits: 1797 training samples; the
   * square loss is the mean over entries times ten, its weight decay 5e-3.
   */
  @ParameterizedTest
  @CsvSource({
    "digits-ce-epoch020, CROSS_ENTROPY, 8.966, 8.933, 2.712, 2.119, 1.28",
    "digits-ce-epoch200, CROSS_ENTROPY, 8.821, 8.747, 2.821, 2.500, 1.13",
    "digits-mse-epoch020, MSE, 0.942, 0.996, 0.1853, 0.1566, 1.18",
    "digits-mse-epoch200, MSE, 0.982, 0.989, 0.3864, 0.3807, 1.015",
    "digits-ce-nobn-epoch200, CROSS_ENTROPY, 7.831, 8.726, 5.265, 2.547, 2.07",
  })
  void goldenPassesStandBesideTheirPredictionAsInTheTheorySheet(
      String golden,
      Loss loss,
      String margin,
      String predictedMargin,
      String weight,
      String predictedWeight,
      String ratio) {
    CollapseResult measured = new MeasurablePass(GoldenCase.of(golden).pass()).measure();
    RunSettings.Builder run = settings(loss, loss == Loss.MSE ? 5e-3 : 5e-4);
    RunSettings settings = loss == Loss.MSE ? run.lossScale(10).build() : run.build();
    Norms norms = measured.norms().orElseThrow();

    Equilibrium predicted =
        ((Calibration) Calibration.of(digits(settings), 10, 64, true, norms)).prediction();

    assertPrinted(measured.metrics().get(MetricKey.MARGIN_MEAN).orElseThrow(), margin);
    assertPrinted(predicted.margin(), predictedMargin);
    assertPrinted(norms.weights() / 10, weight);
    assertPrinted(predicted.weightNormSquared(), predictedWeight);
    assertPrinted(norms.weights() / 10 / predicted.weightNormSquared(), ratio);
  }

  /** 1797 samples in ten classes. */
  private static RunSettings digits(RunSettings settings) {
    RunSettings.Builder builder =
        settings(settings.loss().orElseThrow(), settings.weightDecay().orElseThrow())
            .classCounts(List.of(180L, 180L, 180L, 180L, 180L, 180L, 180L, 179L, 179L, 179L));
    settings.lossScale().ifPresent(builder::lossScale);
    return builder.build();
  }

  private static void assertPrinted(double actual, String printed) {
    int digits = printed.length() - printed.indexOf('.') - 1;
    assertThat(actual)
        .isCloseTo(Double.parseDouble(printed), within(0.500001 * Math.pow(10, -digits)));
  }

  /** λ_H = λ_W ‖W‖²/(n Σ_k mean‖h−μ_G‖²) = 5e-4 · 20/(100 · 400); c = 10 √(100 λ_W λ_H). */
  @Test
  void theFeaturesGetTheDecayThatBalances() {
    Calibration calibration = (Calibration) comparison(settings(Loss.CROSS_ENTROPY, 5e-4).build());

    assertThat(calibration.model()).isEqualTo(ModelKind.CE_UFM);
    assertThat(calibration.featureDecay()).isCloseTo(2.5e-7, within(1e-18));
    assertThat(calibration.shrinkage())
        .isCloseTo(10 * Math.sqrt(100 * 5e-4 * 2.5e-7), within(1e-15));
  }

  /** Theory sheet, §4: times K/2, over the scale of the loss. */
  @Test
  void theDecayOfTheSquareLossIsTranslated() {
    Calibration calibration =
        (Calibration) comparison(settings(Loss.MSE, 5e-3).lossScale(10).build());

    assertThat(calibration.model()).isEqualTo(ModelKind.MSE_UFM_BIAS);
    assertThat(calibration.weightDecay()).isCloseTo(2.5e-3, within(1e-18));
  }

  @Test
  void aClassifierWithoutBiasIsHeldAgainstTheModelWithoutOne() {
    Calibration calibration =
        (Calibration) Calibration.of(settings(Loss.MSE, 5e-3).build(), 10, 64, false, NORMS);

    assertThat(calibration.model()).isEqualTo(ModelKind.MSE_UFM);
  }

  @Test
  void aRunThatFitsNoModelIsToldWhy() {
    RunSettings.Builder fits = settings(Loss.CROSS_ENTROPY, 5e-4);
    assertReason(
        RunSettings.builder().build(),
        "the run does not say its loss; the models know cross_entropy and mse");
    assertReason(
        fits.optimizer("AdamW").build(),
        "the weight decay of \"AdamW\" is decoupled from the loss, so no model has it as a regulariser");
    assertReason(
        settings(Loss.CROSS_ENTROPY, 5e-4).classCounts(List.of()).build(),
        "the run does not say how many training samples a class has (samples_per_class or class_counts)");
    assertReason(
        settings(Loss.CROSS_ENTROPY, 0).build(),
        "the run has no weight decay, so its norms grow for ever and no model has an end for it");
    assertThat(Calibration.of(settings(Loss.MSE, 5e-4).build(), 10, 8, true, NORMS))
        .isEqualTo(
            new Comparison.NoModel(
                "the features have 8 dimensions; the models need at least 9 for 10 classes"));
    assertThat(Calibration.of(settings(Loss.MSE, 5e-4).build(), 10, 64, true, new Norms(0, 3)))
        .isEqualTo(
            new Comparison.NoModel(
                "the classifier or the features have no length, so nothing can be calibrated"));
  }

  private static void assertReason(RunSettings settings, String reason) {
    assertThat(comparison(settings)).isEqualTo(new Comparison.NoModel(reason));
  }
}
