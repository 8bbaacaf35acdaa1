package io.collapsewatch.analyzer.reference;

import java.util.OptionalDouble;

/** Moves a point downhill. It may remember earlier steps, so it serves one descent. */
public interface Optimizer {

  /**
   * One step.
   *
   * @param at is moved
   */
  Step step(ReferenceModel model, Parameters at);

  /**
   * A step that was taken.
   *
   * @param before the objective before it
   * @param lnTime logarithm of the time that gradient flow would have taken for it; absent where
   *     that has no meaning
   */
  record Step(Evaluation before, OptionalDouble lnTime) {}
}
