package io.collapsewatch.dashboard.series;

/**
 * A margin histogram as arrays, which add up faster than maps.
 *
 * @param bins [n] ascending, as in {@link io.collapsewatch.protocol.MarginHistogram}; not modified
 * @param counts [n] samples in them; not modified
 */
// Not copied: a chart adds up millions of them.
@SuppressWarnings("ArrayRecordComponent")
public record Bins(int[] bins, long[] counts) {}
