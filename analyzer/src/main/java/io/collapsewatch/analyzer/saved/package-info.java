/**
 * Passes saved to disk. The doors are {@link io.collapsewatch.analyzer.saved.SavedPass}, which
 * reads one, and {@link io.collapsewatch.analyzer.saved.Measurement}, what {@code measure} prints
 * of it.
 */
package io.collapsewatch.analyzer.saved;
