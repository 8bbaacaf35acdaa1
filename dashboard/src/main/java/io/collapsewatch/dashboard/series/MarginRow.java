package io.collapsewatch.dashboard.series;

/**
 * The margins of one report.
 *
 * @param row where it is, with its percentiles as values; NaN where undefined
 * @param bins where the margins lie
 */
public record MarginRow(SeriesRow row, Bins bins) {}
