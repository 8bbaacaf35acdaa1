package io.collapsewatch.dashboard.series;

/**
 * The margins of one or more neighbouring reports.
 *
 * @param step of the last of them
 * @param timestampMs of the last of them
 * @param bins of all of them together
 * @param quantiles [shares] NaN where undefined; not modified
 */
// Made to be written as JSON at once.
@SuppressWarnings("ArrayRecordComponent")
public record MarginColumn(long step, long timestampMs, Bins bins, double[] quantiles) {}
