package io.collapsewatch.dashboard.history;

/** Steps from the first to the last, both included. */
public record StepRange(long from, long to) {

  /** Every step. */
  public static final StepRange ALL = new StepRange(0, Long.MAX_VALUE);
}
