/**
 * Which samples a report is about: the rolling window of live batches, the pass with frozen
 * weights, and when a report is due. The doors are {@link
 * io.collapsewatch.analyzer.window.RollingWindow}, {@link
 * io.collapsewatch.analyzer.window.BatchSamples} and {@link
 * io.collapsewatch.analyzer.window.ReportWriter}. Nothing here knows where the windows are stored.
 */
package io.collapsewatch.analyzer.window;
