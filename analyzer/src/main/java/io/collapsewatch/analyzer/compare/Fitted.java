package io.collapsewatch.analyzer.compare;

import io.collapsewatch.protocol.FittedCurve;

/**
 * A curve laid over a run.
 *
 * @param curve to be shown
 * @param nc1 the model's {@code nc1} at the step of the newest report
 */
public record Fitted(FittedCurve curve, double nc1) {}
