package io.collapsewatch.protocol;

import java.util.Locale;

/**
 * What a run is held against theory by: each a measured number beside a predicted one. Formulas and
 * sources are those of the classes in {@code analyzer.compare}.
 */
public enum CheckKey {
  MARGIN_MEAN("logits", "Mean margin, beside the model's at its minimum"),
  WEIGHT_NORM_SQUARED("", "‖w_k‖², mean over the classes, beside the model's at its minimum"),
  FEATURE_NORM_SQUARED("", "‖h−μ_G‖², mean with equal weight for each class, beside the model's"),
  OUTPUT_GAP("", "ε: 1 less the mean output of the true class, beside c(K−1)/K or c"),
  NORM_FROM_GAP("", "‖w_k‖², beside the (Nε/λ)η that follows from the gap ε"),
  MEAN_OUTPUT("", "⟨w_k, μ_G⟩ + b_k, mean over the classes, beside 1/K"),
  WRONG_OUTPUT_SPREAD("", "Root mean square of the wrong classes' outputs around ε/(K−1); 0"),
  RHO("", "ρ, beside the norm μ/(m₂+λ) to which its flow pulls"),
  LOSS_IDENTITY("", "Mean (1−ρf)² + λρ², beside 1 − ρ(μ + ρ̇/2)"),
  MARGIN_OPTIMALITY("", "Smallest margin over the largest one possible at these norms, beside 1");

  private final String unit;
  private final String help;

  CheckKey(String unit, String help) {
    this.unit = unit;
    this.help = help;
  }

  /** Name in JSON. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The unit in words; empty for a dimensionless number. */
  public String unit() {
    return unit;
  }

  /** One line for people. */
  public String help() {
    return help;
  }
}
