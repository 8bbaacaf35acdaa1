package io.collapsewatch.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Numbers that a training loop has anyway, and the margins of every row it trained on.
 *
 * @param loss training loss of the step
 * @param accuracy share of correct predictions, 0..1
 * @param learningRate the step's learning rate
 * @param weightDecay the step's weight decay
 * @param layerNorms ‖W_l‖_F of each layer by name, first layer first
 * @param margins statistics of all rows since the sender's last message of this kind for the same
 *     split and layer, sampled or not
 */
public record TrainingStats(
    CaptureHeader header,
    OptionalDouble loss,
    OptionalDouble accuracy,
    OptionalDouble learningRate,
    OptionalDouble weightDecay,
    Map<String, Double> layerNorms,
    Optional<MarginStatistics> margins)
    implements Capture {

  /**
   * @throws MalformedCaptureException if a number is not finite, a norm is negative or the accuracy
   *     is outside 0..1
   */
  public TrainingStats {
    Ranges.requireFinite("loss", loss);
    accuracy.ifPresent(share -> Ranges.requireShare("accuracy", share));
    Ranges.requireFinite("learning_rate", learningRate);
    Ranges.requireFinite("weight_decay", weightDecay);
    Ranges.requireRange("the number of layer norms", layerNorms.size(), 0, Limits.NORMS);
    layerNorms.forEach(
        (name, norm) -> {
          Ranges.requireText("layer name", name);
          Ranges.requireNotNegative("the norm of layer " + Printable.quote(name), norm);
        });
    layerNorms = Collections.unmodifiableMap(new LinkedHashMap<>(layerNorms));
  }

  /** Nothing but statistics of margins. */
  public static TrainingStats ofMargins(CaptureHeader header, MarginStatistics margins) {
    return new TrainingStats(
        header,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Map.of(),
        Optional.of(margins));
  }
}
