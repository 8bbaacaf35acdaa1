package io.collapsewatch.analyzer.compare;

import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunSettings.Loss;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * How a run is trained, as far as it says.
 *
 * @param settings what the run says of itself
 * @param reported what its training loop last reported, by name: {@code learning_rate}, {@code
 *     weight_decay}
 * @param layers layers whose norms are reported
 * @param lastLayerGain what the norm of the last of them gains a step, where that is known
 */
public record Training(
    RunSettings settings, Map<String, Double> reported, int layers, OptionalDouble lastLayerGain) {

  private static final Pattern DECOUPLED =
      Pattern.compile("adamw|sgdw|lion|lamb", Pattern.CASE_INSENSITIVE);

  public Training {
    reported = Map.copyOf(reported);
  }

  /** λ of the weight decay: that of the settings, else the last one reported; never negative. */
  OptionalDouble weightDecay() {
    return settings.weightDecay().isPresent() ? settings.weightDecay() : notBelow0("weight_decay");
  }

  /** η, as last reported; never negative. */
  OptionalDouble learningRate() {
    return notBelow0("learning_rate");
  }

  private OptionalDouble notBelow0(String name) {
    Double value = reported.get(name);
    return value != null && value >= 0 ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  /** Factor in front of the loss. */
  double lossScale() {
    return settings.lossScale().orElse(1);
  }

  boolean loses(Loss loss) {
    return settings.loss().filter(loss::equals).isPresent();
  }

  /**
   * Whether the weights shrink beside the loss and not through its gradient, as in AdamW
   * (Loshchilov and Hutter 2019); by the names of the optimisers that are known to do so.
   */
  boolean decayIsDecoupled() {
    return settings.optimizer().filter(name -> DECOUPLED.matcher(name).find()).isPresent();
  }

  /** Whether the norm of the last layer is the only one that counts. */
  boolean onlyTheLastNormCounts() {
    return settings.batchNorm().orElse(false) || layers == 1;
  }

  /** n: the mean over the classes of their training samples, where the run says them. */
  OptionalDouble samplesPerClass() {
    return settings.classCounts().stream().mapToDouble(Long::doubleValue).average();
  }
}
