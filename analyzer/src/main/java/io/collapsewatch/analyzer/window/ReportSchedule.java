package io.collapsewatch.analyzer.window;

import java.util.OptionalLong;

/**
 * When a rolling report is due: with the first batch, then every R steps. R is what the run asks
 * for, or else the steps that passed in the first second or more, by the timestamps of the records,
 * so that a report comes about once a second; once settled it is kept. A pure function of the
 * captures.
 *
 * @param firstStep step of the first batch
 * @param firstTimestampMs when the first batch was appended
 * @param settledSteps R, once it has been settled from the timestamps
 * @param reportedStep step of the last batch that made a report due
 */
public record ReportSchedule(
    long firstStep, long firstTimestampMs, OptionalLong settledSteps, OptionalLong reportedStep) {

  private static final long INTERVAL_MS = 1000;

  /** The schedule of a window whose first batch is of this step and time. */
  public static ReportSchedule startingAt(long step, long timestampMs) {
    return new ReportSchedule(step, timestampMs, OptionalLong.empty(), OptionalLong.empty());
  }

  /** The schedule after a batch: R is settled once the first second has passed. */
  public ReportSchedule after(long step, long timestampMs) {
    long elapsed = timestampMs - firstTimestampMs;
    if (settledSteps.isPresent() || elapsed < INTERVAL_MS || step <= firstStep) {
      return this;
    }
    long steps = Math.max(1, Math.round((step - firstStep) * (double) INTERVAL_MS / elapsed));
    return new ReportSchedule(firstStep, firstTimestampMs, OptionalLong.of(steps), reportedStep);
  }

  /**
   * Whether a batch of {@code step} makes a report due.
   *
   * @param askedSteps R as the run asks for it
   */
  public boolean due(long step, OptionalLong askedSteps) {
    if (reportedStep.isEmpty()) {
      return true;
    }
    OptionalLong every = askedSteps.isPresent() ? askedSteps : settledSteps;
    return every.isPresent() && step - reportedStep.getAsLong() >= every.getAsLong();
  }

  /** The schedule after a report at {@code step}. */
  public ReportSchedule reportedAt(long step) {
    return new ReportSchedule(firstStep, firstTimestampMs, settledSteps, OptionalLong.of(step));
  }
}
