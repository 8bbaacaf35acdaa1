/**
 * What the margins of the samples say. The doors are {@link
 * io.collapsewatch.analyzer.margin.MarginDistribution}, for margins from wherever they come, and
 * {@link io.collapsewatch.analyzer.margin.MarginBounds}, for how far they could go.
 */
package io.collapsewatch.analyzer.margin;
