package io.collapsewatch.analyzer.compare;

import io.collapsewatch.analyzer.collapse.CollapseResult.Norms;
import io.collapsewatch.analyzer.reference.ClosedForm;
import io.collapsewatch.analyzer.reference.Equilibrium;
import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunSettings.Loss;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * An unconstrained-features model with the regularisers of a run. Features have no weight decay of
 * their own; that at every critical point λ_W WᵀW = λ_H HHᵀ gives λ_H = λ_W ‖W‖_F²/‖H‖_F² with
 * ‖H‖_F² = n Σ_k mean_i‖h_i−μ_G‖². Source: theory sheet, §4.
 *
 * @param model {@code ce-ufm}, {@code mse-ufm} or {@code mse-ufm-bias}
 * @param classes K
 * @param samplesPerClass n: training samples over K
 * @param weightDecay λ_W as the model has it, &gt; 0
 * @param featureDecay λ_H, &gt; 0
 */
public record Calibration(
    ModelKind model, int classes, double samplesPerClass, double weightDecay, double featureDecay)
    implements Comparison {

  /**
   * Calibrates the model that a run trains, or says why none fits.
   *
   * @param settings what the run says of itself
   * @param classes K
   * @param dim d
   * @param biased whether the classifier has a bias
   * @param norms as measured
   */
  public static Comparison of(
      RunSettings settings, int classes, int dim, boolean biased, Norms norms) {
    if (settings.loss().isEmpty()) {
      return new NoModel("the run does not say its loss; the models know cross_entropy and mse");
    }
    if (settings.optimizer().filter(Calibration::decoupled).isPresent()) {
      return new NoModel(
          "the weight decay of %s is decoupled from the loss, so no model has it as a regulariser"
              .formatted(Printable.quote(settings.optimizer().get())));
    }
    if (settings.classCounts().isEmpty()) {
      return new NoModel(
          "the run does not say how many training samples a class has (samples_per_class or class_counts)");
    }
    if (settings.weightDecay().orElse(0) == 0) {
      return new NoModel(
          "the run has no weight decay, so its norms grow for ever and no model has an end for it");
    }
    if (dim < classes - 1) {
      return new NoModel(
          "the features have %d dimensions; the models need at least %d for %d classes"
              .formatted(dim, classes - 1, classes));
    }
    return of(settings, classes, biased, norms);
  }

  private static boolean decoupled(String optimizer) {
    return optimizer.toLowerCase(Locale.ROOT).contains("adamw");
  }

  private static Comparison of(RunSettings settings, int classes, boolean biased, Norms norms) {
    double n = settings.classCounts().stream().mapToDouble(Long::doubleValue).sum() / classes;
    double decay = settings.weightDecay().orElseThrow();
    ModelKind model =
        settings.loss().get() == Loss.CROSS_ENTROPY
            ? ModelKind.CE_UFM
            : biased ? ModelKind.MSE_UFM_BIAS : ModelKind.MSE_UFM;
    double weightDecay = modelDecay(settings.loss().get(), decay, settings.lossScale(), classes);
    double featureDecay = weightDecay * norms.weights() / (n * norms.features());
    return Double.isFinite(featureDecay) && featureDecay > 0
        ? new Calibration(model, classes, n, weightDecay, featureDecay)
        : new NoModel(
            "the classifier or the features have no length, so nothing can be calibrated");
  }

  /**
   * λ_W of the model: that of mean cross-entropy is the weight decay itself; the mean of squares
   * over N·K entries is 2/K of the model's loss. A loss that is scaled is divided by its scale.
   */
  private static double modelDecay(Loss loss, double decay, OptionalDouble lossScale, int classes) {
    double mean = decay / lossScale.orElse(1);
    return loss == Loss.CROSS_ENTROPY ? mean : mean * classes / 2;
  }

  /** c = K√(nλ_Wλ_H): how much of the margin the regularisers take; from 1 on everything. */
  public double shrinkage() {
    return classes * Math.sqrt(samplesPerClass * weightDecay * featureDecay);
  }

  /** Where the run should end. ‖h‖² is that of the centred features. */
  public Equilibrium prediction() {
    return switch (model) {
      case CE_UFM -> ClosedForm.crossEntropy(classes, samplesPerClass, weightDecay, featureDecay);
      case MSE_UFM -> ClosedForm.square(classes, samplesPerClass, weightDecay, featureDecay);
      default -> ClosedForm.squareWithBias(classes, samplesPerClass, weightDecay, featureDecay, 0);
    };
  }
}
