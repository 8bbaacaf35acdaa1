package io.collapsewatch.analyzer.alert;

/**
 * What the fitted curve of the run's reference model says of its newest step.
 *
 * @param nc1 of the model there
 * @param residual rms of log10(measured/model), in decades
 */
public record ModelFit(double nc1, double residual) {}
