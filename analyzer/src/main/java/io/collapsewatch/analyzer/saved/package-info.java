/**
 * Saved passes measured. The doors are {@link io.collapsewatch.analyzer.saved.MeasurablePass} and
 * {@link io.collapsewatch.analyzer.saved.Measurement}, what {@code measure} prints of one.
 */
package io.collapsewatch.analyzer.saved;
