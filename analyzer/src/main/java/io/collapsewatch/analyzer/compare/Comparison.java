package io.collapsewatch.analyzer.compare;

/** What a run can be held against: a calibrated model, or the reason why there is none. */
public sealed interface Comparison permits Calibration, Comparison.NoModel {

  /**
   * A run that fits no model.
   *
   * @param reason one sentence
   */
  record NoModel(String reason) implements Comparison {}
}
