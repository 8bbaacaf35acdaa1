package io.collapsewatch.analyzer.compare;

import io.collapsewatch.analyzer.collapse.CollapseResult.Norms;
import io.collapsewatch.analyzer.reference.ClosedForm;
import io.collapsewatch.analyzer.reference.Equilibrium;
import io.collapsewatch.analyzer.reference.ModelKind;
import java.util.Optional;

/**
 * An unconstrained-features model with the regularisers of a run. Features have no weight decay of
 * their own; that at every critical point λ_W WᵀW = λ_H HHᵀ gives λ_H = λ_W ‖W‖_F²/‖H‖_F². With a
 * bias, or under cross-entropy, the features of the model are centred, and ‖H‖_F² = n Σ_k
 * mean_i‖h_i−μ_G‖². The orthogonal frame of {@code mse-ufm} is not, and ‖H‖_F² = n Σ_k
 * mean_i‖h_i‖². Source: theory sheet, §4.
 *
 * @param model {@code ce-ufm}, {@code mse-ufm} or {@code mse-ufm-bias}
 * @param classes K
 * @param samplesPerClass n: training samples over K
 * @param weightDecay λ_W as the model has it, &gt; 0
 * @param featureDecay λ_H, &gt; 0
 */
record Calibration(
    ModelKind model, int classes, double samplesPerClass, double weightDecay, double featureDecay)
    implements Comparison {

  /** The model with its features' decay; none where a norm is 0. */
  static Optional<Calibration> of(
      ModelKind model, int classes, double samplesPerClass, double weightDecay, Norms norms) {
    double squares =
        norms.features() + (model == ModelKind.MSE_UFM ? classes * norms.globalMean() : 0);
    double featureDecay = weightDecay * norms.weights() / (samplesPerClass * squares);
    return Double.isFinite(featureDecay) && featureDecay > 0
        ? Optional.of(new Calibration(model, classes, samplesPerClass, weightDecay, featureDecay))
        : Optional.empty();
  }

  /** c = K√(nλ_Wλ_H): how much of the outputs the regularisers take; from 1 on everything. */
  double shrinkage() {
    return classes * Math.sqrt(samplesPerClass * weightDecay * featureDecay);
  }

  /** Where the run should end. ‖h‖² is that of the features as the model has them. */
  Equilibrium prediction() {
    return switch (model) {
      case CE_UFM -> ClosedForm.crossEntropy(classes, samplesPerClass, weightDecay, featureDecay);
      case MSE_UFM -> ClosedForm.square(classes, samplesPerClass, weightDecay, featureDecay);
      default -> ClosedForm.squareWithBias(classes, samplesPerClass, weightDecay, featureDecay, 0);
    };
  }

  /**
   * ‖h−μ_G‖² where the run should end: of an orthogonal frame (K−1)/K of ‖h‖², of the others all of
   * it.
   */
  double centredFeatureNormSquared() {
    double whole = prediction().featureNormSquared();
    return model == ModelKind.MSE_UFM ? whole * (classes - 1) / classes : whole;
  }
}
