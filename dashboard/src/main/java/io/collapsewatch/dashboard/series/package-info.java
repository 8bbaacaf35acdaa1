/**
 * The numbers of reports over steps: which there are ({@link
 * io.collapsewatch.dashboard.series.ReportNumbers}) and how many become few without losing an
 * extreme ({@link io.collapsewatch.dashboard.series.Thinning}). Arithmetic only.
 */
package io.collapsewatch.dashboard.series;
