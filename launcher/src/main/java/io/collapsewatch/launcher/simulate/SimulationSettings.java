package io.collapsewatch.launcher.simulate;

import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.analyzer.reference.ModelSettings;
import io.collapsewatch.analyzer.reference.OptimizerKind;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunSettings.Loss;
import java.util.Map;

/**
 * A simulation as it was asked for.
 *
 * @param kind of model
 * @param model its sizes and regularisers
 * @param optimizer what descends
 * @param learningRate η
 * @param every steps between two points that are shown
 */
public record SimulationSettings(
    ModelKind kind, ModelSettings model, OptimizerKind optimizer, double learningRate, long every) {

  /** The agent renews the rows of a window in the time of so many reports. */
  private static final long REPORTS_TO_RENEW = 10;

  /**
   * What a training run with this objective would say of itself. Reports are asked for more often
   * than there are points, so that each point makes one and finds the budget of rows renewed: a
   * window then holds what one point has, not a mixture of ten.
   *
   * @param bias whether the classifier has one
   */
  RunSettings run(boolean bias) {
    return RunSettings.builder()
        .classes(model.classes())
        .dim(model.dim())
        .loss(loss())
        .lossScale(lossScale())
        .optimizer(optimizer.key())
        .bias(bias)
        .weightDecay(weightDecay())
        .classCounts(model.counts().stream().map(Integer::longValue).toList())
        .reportEverySteps(Math.max(1, every / REPORTS_TO_RENEW))
        .tags(tags())
        .build();
  }

  Loss loss() {
    return switch (kind) {
      case CE_UFM, CE_ULPM, CE_UFM_EXTENDED -> Loss.CROSS_ENTROPY;
      default -> Loss.MSE;
    };
  }

  /**
   * The factor in front of the mean loss: a sum is N times the mean, and (1/2N) ‖Z−Y‖² is K/2 times
   * the mean over N·K entries.
   */
  double lossScale() {
    return switch (kind) {
      case CE_UFM, CE_UFM_EXTENDED -> 1;
      case CE_ULPM -> model.samples();
      default -> model.classes() / 2.0;
    };
  }

  /** λ_W of the objective, in front of which the loss has its factor already. */
  double weightDecay() {
    return kind == ModelKind.CE_ULPM ? 0 : model.weightDecay();
  }

  private Map<String, String> tags() {
    return Map.of(
        "simulated", kind.key(),
        "learning_rate", Double.toString(learningRate),
        "feature_decay", Double.toString(model.featureDecay()),
        "bias_decay", Double.toString(model.biasDecay()),
        "hidden_decay", Double.toString(model.hiddenDecay()),
        "noise", Double.toString(model.noise()),
        "seed", Long.toString(model.seed()));
  }
}
