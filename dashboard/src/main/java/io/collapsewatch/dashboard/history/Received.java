package io.collapsewatch.dashboard.history;

/**
 * A value and where it was read.
 *
 * @param source the partition
 * @param offset in it
 */
public record Received<T>(Source source, long offset, T value) {}
