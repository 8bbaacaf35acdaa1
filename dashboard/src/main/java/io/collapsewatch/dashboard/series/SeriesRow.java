package io.collapsewatch.dashboard.series;

/**
 * Some numbers of one report.
 *
 * @param place of the report in its series, growing
 * @param step of the newest sample of its window
 * @param epoch of that sample; NaN if unknown
 * @param timestampMs when it fell due
 * @param values [keys] of the keys asked for; NaN where undefined; not modified after this
 */
// The values are not copied, as a chart reads millions of rows and shows hundreds.
@SuppressWarnings("ArrayRecordComponent")
public record SeriesRow(long place, long step, double epoch, long timestampMs, double[] values) {}
