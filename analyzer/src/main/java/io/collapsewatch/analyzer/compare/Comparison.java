package io.collapsewatch.analyzer.compare;

import io.collapsewatch.analyzer.reference.ModelKind;
import java.util.OptionalDouble;

/** What a run can be held against: a calibrated model, one without an end, or a reason. */
sealed interface Comparison permits Calibration, Comparison.WithoutEnd, Comparison.NoModel {

  /**
   * {@code ce-ulpm}: a run without weight decay has a direction to go to and no end.
   *
   * @param samplesPerClass n: training samples over K, where the run says it
   */
  record WithoutEnd(OptionalDouble samplesPerClass) implements Comparison {
    static final ModelKind MODEL = ModelKind.CE_ULPM;
  }

  /**
   * A run that fits no model.
   *
   * @param reason one sentence
   */
  record NoModel(String reason) implements Comparison {}
}
