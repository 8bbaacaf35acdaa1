package io.collapsewatch.analyzer.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.analyzer.GoldenCase;
import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.collapse.Collapse;
import io.collapsewatch.analyzer.saved.MeasurablePass;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.CheckKey;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.ModelComparison;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunSettings.Loss;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.TheoryCheck;
import io.collapsewatch.protocol.TrainingStats;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.ReportJson;
import io.collapsewatch.protocol.saved.SavedPass;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a report says of the model that its run trains. */
class ReportComparisonTest {

  private static final CaptureHeader PASS = CaptureHeader.of("run", 9).withSnapshot("pass", true);

  private static RunState after(Capture... captures) {
    RunState run = RunState.UNKNOWN;
    for (Capture capture : captures) {
      run = run.after(capture, 1000);
    }
    return run;
  }

  private static WindowReport report(RunState run, CaptureHeader header, SavedPass pass) {
    FeatureBatch batch = FeatureBatch.of(header, pass.features(), pass.labels());
    ClassifierSnapshot classifier = ClassifierSnapshot.of(header, pass.weights(), pass.bias());
    return new ReportWriter(
            WindowId.of(header),
            run.after(classifier, 1000).after(batch, 1000),
            Optional.of(new CapturedClassifier(9, Classifier.of(pass.weights(), pass.bias()))),
            1000)
        .snapshot(
            "pass",
            PassState.startingWith(batch, 0).after(batch, 1),
            new MeasurablePass(pass).measure(),
            List.of());
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
    RunState run = after(new RunStarted(CaptureHeader.of("run", 0), digits(loss)));
    WindowReport written = report(run, PASS, GoldenCase.of(golden).pass());

    ModelComparison comparison =
        ReportJson.decode(ReportJson.encode(written)).comparison().orElseThrow();

    TheoryCheck margins = comparison.check(CheckKey.MARGIN_MEAN).orElseThrow();
    TheoryCheck weights = comparison.check(CheckKey.WEIGHT_NORM_SQUARED).orElseThrow();
    assertPrinted(margins.measured(), margin);
    assertPrinted(margins.predicted().orElseThrow(), predictedMargin);
    assertPrinted(weights.measured(), weight);
    assertPrinted(weights.predicted().orElseThrow(), predictedWeight);
    assertPrinted(weights.ratio().orElseThrow(), ratio);
  }

  /** 1797 samples in ten classes. */
  private static RunSettings digits(Loss loss) {
    boolean square = loss == Loss.MSE;
    return RunSettings.builder()
        .loss(loss)
        .lossScale(square ? 10 : 1)
        .weightDecay(square ? 5e-3 : 5e-4)
        .batchNorm(true)
        .classCounts(List.of(180L, 180L, 180L, 180L, 180L, 180L, 180L, 179L, 179L, 179L))
        .build();
  }

  private static void assertPrinted(double actual, String printed) {
    int digits = printed.length() - printed.indexOf('.') - 1;
    assertThat(actual)
        .isCloseTo(Double.parseDouble(printed), within(0.500001 * Math.pow(10, -digits)));
  }

  @Test
  void onlyTrainingSamplesStandBesideTheModel() {
    RunState run = after(new RunStarted(CaptureHeader.of("run", 0), digits(Loss.CROSS_ENTROPY)));
    SavedPass pass = GoldenCase.of("digits-ce-epoch200").pass();

    assertThat(report(run, PASS.withSource("test", "penultimate"), pass).comparison()).isEmpty();
  }

  @Test
  void withoutAClassifierThereIsNothingToCompare() {
    RunState run = after(new RunStarted(CaptureHeader.of("run", 0), digits(Loss.CROSS_ENTROPY)));
    SavedPass pass = GoldenCase.of("digits-ce-epoch200").pass();
    FeatureBatch batch = FeatureBatch.of(PASS, pass.features(), pass.labels());
    WindowReport report =
        new ReportWriter(WindowId.of(PASS), run.after(batch, 1000), Optional.empty(), 1000)
            .snapshot(
                "pass",
                PassState.startingWith(batch, 0).after(batch, 1),
                Collapse.measure(new MeasurablePass(pass).samples(), Optional.empty()),
                List.of());

    assertThat(report.comparison()).isEmpty();
  }

  /** A binary run: mu = mean m/ρ, m2 = mean m²/ρ²; Δρ = 0.5 over 10 steps. */
  @Test
  void aBinarySquareLossRunHasItsNormFlow() {
    RunSettings settings =
        RunSettings.builder()
            .loss(Loss.MSE)
            .weightDecay(0.01)
            .batchNorm(true)
            .classCounts(List.of(20L, 20L))
            .build();
    RunState run =
        after(
            new RunStarted(CaptureHeader.of("run", 0), settings),
            norms(0, 3.5),
            norms(10, 4),
            norms(10, 4));
    WindowReport report = report(run, PASS, GoldenCase.of("binary").pass());

    double mean = value(report, MetricKey.MARGIN_MEAN);
    double deviation = value(report, MetricKey.MARGIN_STD);
    assertThat(value(report, MetricKey.MU)).isCloseTo(mean / 4, within(1e-12));
    assertThat(value(report, MetricKey.SIGMA2))
        .isCloseTo(deviation * deviation / 16, within(1e-12));
    assertThat(value(report, MetricKey.M2))
        .isCloseTo((mean * mean + deviation * deviation) / 16, within(1e-12));
    ModelComparison comparison = report.comparison().orElseThrow();
    assertThat(comparison.check(CheckKey.RHO).orElseThrow().measured()).isCloseTo(4, within(1e-12));
    // 1 − ρ(mu + 2Δρ/η) with a gain of 0.05 a step and a learning rate of 0.1.
    assertThat(comparison.check(CheckKey.LOSS_IDENTITY).orElseThrow().predicted().orElseThrow())
        .isCloseTo(1 - 4 * (mean / 4 + 2 * 0.05 / 0.1), within(1e-9));
  }

  private static double value(WindowReport report, MetricKey key) {
    return report.metrics().get(key).orElseThrow();
  }

  private static TrainingStats norms(long step, double last) {
    return new TrainingStats(
        CaptureHeader.of("run", step),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.of(0.1),
        OptionalDouble.empty(),
        Map.of("last", last),
        Optional.empty());
  }
}
