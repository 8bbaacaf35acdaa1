package io.collapsewatch.analyzer.compare;

import io.collapsewatch.protocol.FittedCurve;

/**
 * A curve laid over a run.
 *
 * @param curve to be shown
 * @param nc1 the model's {@code nc1} at the step of the newest report
 * @param lineResidual root mean square of log10(measured/line), with the best horizontal line for
 *     each metric in place of the curve
 */
public record Fitted(FittedCurve curve, double nc1, double lineResidual) {

  /**
   * Whether the curve is nearer to the run than horizontal lines are. If not, it says nothing: it
   * may lie near a run that does not move only because the model stands still for a while, too.
   */
  public boolean explains() {
    return curve.residual() < lineResidual;
  }
}
