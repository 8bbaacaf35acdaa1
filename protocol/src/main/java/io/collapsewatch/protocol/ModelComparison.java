package io.collapsewatch.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A window beside the reference model that its run trains, with the model's regularisers as the
 * run's weights and features calibrate them.
 *
 * @param model as {@code simulate} names it; absent where none fits
 * @param remark one sentence: why none fits, or what restricts the one that does
 * @param samplesPerClass n: training samples over K
 * @param weightDecay λ_W as the model has it
 * @param featureDecay λ_H
 * @param shrinkage c = K√(nλ_Wλ_H)
 * @param checks by {@link CheckKey#key}, in that order; a reader shows those that it knows
 */
public record ModelComparison(
    Optional<String> model,
    Optional<String> remark,
    OptionalDouble samplesPerClass,
    OptionalDouble weightDecay,
    OptionalDouble featureDecay,
    OptionalDouble shrinkage,
    Map<String, TheoryCheck> checks) {

  /**
   * @throws IllegalArgumentException if a number is not finite: such a number is to be left out
   */
  public ModelComparison {
    requireFinite("samples_per_class", samplesPerClass);
    requireFinite("weight_decay", weightDecay);
    requireFinite("feature_decay", featureDecay);
    requireFinite("shrinkage", shrinkage);
    checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
  }

  private static void requireFinite(String name, OptionalDouble value) {
    if (value.isPresent() && !Double.isFinite(value.getAsDouble())) {
      throw new IllegalArgumentException(
          "%s of a comparison is %s; expected a finite number or nothing"
              .formatted(name, value.getAsDouble()));
    }
  }

  /** The check of that key, if it was made. */
  public Optional<TheoryCheck> check(CheckKey key) {
    return Optional.ofNullable(checks.get(key.key()));
  }
}
