package io.collapsewatch.analyzer.compare;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.analyzer.compare.Comparison.NoModel;
import io.collapsewatch.analyzer.compare.Comparison.WithoutEnd;
import io.collapsewatch.analyzer.reference.Equilibrium;
import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.protocol.CheckKey;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.ModelComparison;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A window of training samples beside the model that its run trains: where the model ends, as
 * ratios measured/predicted, and what else theory fixes. A pure function of what was captured.
 * Source: theory sheet, §2 and §4.
 */
public final class WindowComparison {

  private static final String GROWS_FOR_EVER =
      "without weight decay the norms grow for ever and the metrics fall like powers of 1/ln t: the"
          + " model has a direction to go to and no end";

  /** Classes differ in size by more than this factor before it is worth a remark. */
  private static final double UNEVEN = 1.2;

  private WindowComparison() {}

  /**
   * What is to be said; where no model fits, why.
   *
   * @param classifier of the layer, as the metrics used it
   * @param measured of training samples, with the metrics of the report
   */
  public static ModelComparison of(
      Training training, Classifier classifier, CollapseResult measured) {
    Comparison comparison = ModelChoice.of(training, classifier, measured);
    if (comparison instanceof Calibration calibration) {
      return calibrated(calibration, training, measured);
    }
    return comparison instanceof WithoutEnd model
        ? withoutEnd(model, measured)
        : without(((NoModel) comparison).reason());
  }

  private static ModelComparison without(String reason) {
    return new ModelComparison(
        Optional.empty(),
        Optional.of(reason),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Map.of());
  }

  private static ModelComparison withoutEnd(WithoutEnd model, CollapseResult measured) {
    Checks checks = new Checks();
    checks.add(CheckKey.MARGIN_OPTIMALITY, measured.metrics().get(MetricKey.MARGIN_OPTIMALITY), 1);
    return new ModelComparison(
        Optional.of(WithoutEnd.MODEL.key()),
        Optional.of(GROWS_FOR_EVER),
        model.samplesPerClass(),
        OptionalDouble.of(0),
        OptionalDouble.of(0),
        OptionalDouble.of(0),
        checks.byKey());
  }

  private static ModelComparison calibrated(
      Calibration model, Training training, CollapseResult measured) {
    return new ModelComparison(
        Optional.of(model.model().key()),
        restriction(model, training.settings().classCounts()),
        OptionalDouble.of(model.samplesPerClass()),
        OptionalDouble.of(model.weightDecay()),
        OptionalDouble.of(model.featureDecay()),
        OptionalDouble.of(model.shrinkage()),
        checks(model, training, measured).byKey());
  }

  private static Optional<String> restriction(Calibration model, List<Long> counts) {
    if (model.shrinkage() >= 1) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "the regularisers are so strong, c = %.3g, that the model ends at 0, as it does from"
                  + " c = 1 on",
              model.shrinkage()));
    }
    long least = Collections.min(counts);
    long most = Collections.max(counts);
    return most > UNEVEN * least
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "the classes have %d to %d training samples, and the model %.4g of each",
                least,
                most,
                model.samplesPerClass()))
        : Optional.empty();
  }

  private static Checks checks(Calibration model, Training training, CollapseResult measured) {
    Checks checks = new Checks();
    Equilibrium end = model.prediction();
    int k = model.classes();
    checks.add(CheckKey.MARGIN_MEAN, measured.metrics().get(MetricKey.MARGIN_MEAN), end.margin());
    measured
        .norms()
        .ifPresent(
            norms -> {
              checks.add(
                  CheckKey.WEIGHT_NORM_SQUARED, norms.weights() / k, end.weightNormSquared());
              checks.add(
                  CheckKey.FEATURE_NORM_SQUARED,
                  norms.features() / k,
                  model.centredFeatureNormSquared());
              if (model.model() != ModelKind.CE_UFM) {
                measured
                    .outputs()
                    .ifPresent(outputs -> SquareLossChecks.add(checks, model, norms, outputs));
              }
            });
    if (model.model() == ModelKind.MSE_UFM_BIAS && k == 2 && training.onlyTheLastNormCounts()) {
      NormFlowChecks.add(checks, training, model.weightDecay(), measured.metrics());
    }
    return checks;
  }
}
