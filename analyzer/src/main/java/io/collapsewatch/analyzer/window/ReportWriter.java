package io.collapsewatch.analyzer.window;

import io.collapsewatch.analyzer.collapse.Collapse;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.analyzer.collapse.NormProduct;
import io.collapsewatch.analyzer.compare.Training;
import io.collapsewatch.analyzer.compare.WindowComparison;
import io.collapsewatch.analyzer.margin.MarginDistribution;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.MarginHistogram;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.ModelComparison;
import io.collapsewatch.protocol.RunSettings.Loss;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.WindowReport.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Puts what is known of a window together to its report. */
public final class ReportWriter {

  private static final String NO_CLASSIFIER =
      "no classifier has been captured for this layer up to the last step: metrics of weights are absent";

  private final WindowId id;
  private final RunState run;
  private final Optional<CapturedClassifier> classifier;
  private final long timestampMs;
  private final List<String> notes = new ArrayList<>();

  /**
   * @param run the state of the run, the capture that makes the report due included
   * @param classifier the one that the metrics are to use
   * @param timestampMs when the capture that makes the report due was appended
   */
  public ReportWriter(
      WindowId id, RunState run, Optional<CapturedClassifier> classifier, long timestampMs) {
    this.id = id;
    this.run = run;
    this.classifier = classifier;
    this.timestampMs = timestampMs;
    if (classifier.isEmpty()) {
      notes.add(NO_CLASSIFIER);
    }
  }

  /**
   * The report of a rolling window.
   *
   * @param samples what it holds, at least one sample
   * @param capacity how many it could hold: K·S
   */
  public WindowReport rolling(WindowState window, List<Sample> samples, long capacity) {
    CollapseResult result =
        Collapse.measure(new HeldSamples(samples), classifier.map(CapturedClassifier::classifier));
    Optional<MarginDistribution> captured = capturedMargins(samples);
    captured.ifPresent(margins -> result.metrics().setAll(margins.metrics()));
    long stepFirst = samples.stream().mapToLong(Sample::step).min().orElseThrow();
    long stepLast = samples.stream().mapToLong(Sample::step).max().orElseThrow();
    return report(
        Kind.ROLLING,
        Optional.empty(),
        stepFirst,
        stepLast,
        window.epoch(),
        samples.size() / (double) capacity,
        result,
        captured.map(MarginDistribution::histogram).or(result::marginHistogram),
        window.marginsSeen());
  }

  /** The margins captured with the samples, if every sample has one. */
  private static Optional<MarginDistribution> capturedMargins(List<Sample> samples) {
    double[] margins = new double[samples.size()];
    long correct = 0;
    for (int i = 0; i < margins.length; i++) {
      Optional<Sample.Captured> captured = samples.get(i).captured();
      if (captured.isEmpty()) {
        return Optional.empty();
      }
      margins[i] = captured.get().margin();
      correct += captured.get().prediction() == samples.get(i).label() ? 1 : 0;
    }
    return Optional.of(MarginDistribution.of(margins, correct));
  }

  /**
   * The report of a pass with frozen weights.
   *
   * @param remarks what is missing of the pass and why
   */
  public WindowReport snapshot(
      String snapshot, PassState pass, CollapseResult result, List<String> remarks) {
    notes.addAll(remarks);
    return report(
        Kind.SNAPSHOT,
        Optional.of(snapshot),
        pass.stepFirst(),
        pass.stepLast(),
        pass.epoch(),
        pass.completeness(),
        result,
        result.marginHistogram(),
        Optional.empty());
  }

  private WindowReport report(
      Kind kind,
      Optional<String> snapshot,
      long stepFirst,
      long stepLast,
      OptionalDouble epoch,
      double completeness,
      CollapseResult result,
      Optional<MarginHistogram> margins,
      Optional<MarginStatistics> marginsSeen) {
    addNormProduct(result.metrics());
    return new WindowReport(
        WindowReport.VERSION,
        id.run(),
        run.attempt(),
        id.split(),
        id.layer(),
        kind,
        snapshot,
        stepFirst,
        stepLast,
        epoch,
        timestampMs,
        run.shape().classes(),
        run.shape().dim(id.layer()).orElseThrow(),
        completeness,
        stepLast - stepFirst,
        classifier.map(c -> OptionalLong.of(c.step())).orElse(OptionalLong.empty()),
        result.metrics(),
        result.frame(),
        result.worstPair(),
        margins,
        marginsSeen,
        result.classVariability(),
        result.cosines(),
        run.layerNorms().newest(),
        run.training(),
        comparison(result),
        run.dropped(),
        notes);
  }

  private void addNormProduct(MetricValues metrics) {
    boolean batchNorm = run.settings().batchNorm().orElse(false);
    OptionalDouble lnRho = NormProduct.lnRho(run.layerNorms().newest(), batchNorm);
    lnRho.ifPresent(value -> metrics.set(MetricKey.LN_RHO, value));
    if (lnRho.isPresent() && binarySquareLoss()) {
      metrics.setAll(NormProduct.normalisedOutputs(metrics, lnRho.getAsDouble()));
    }
  }

  private boolean binarySquareLoss() {
    return run.settings().loss().filter(Loss.MSE::equals).isPresent()
        && run.shape().classes().orElse(0) == 2;
  }

  /** The features of other splits than that of training have no decay that balances. */
  private Optional<ModelComparison> comparison(CollapseResult result) {
    Training training =
        new Training(
            run.settings(),
            run.training(),
            run.layerNorms().newest().size(),
            run.layerNorms().lastLayerGain());
    return classifier
        .filter(c -> id.split().equals(CaptureHeader.TRAIN))
        .map(c -> WindowComparison.of(training, c.classifier(), result));
  }
}
