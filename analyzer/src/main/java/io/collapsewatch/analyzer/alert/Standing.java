package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.RunStatus.State;
import io.collapsewatch.protocol.WindowReport;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A state with its reason.
 *
 * @param sinceMs timestamp of the capture that brought the run there; 0 before the first
 * @param step the newest one of the report that brought it there, if a report did
 * @param epoch of that step, where the run says it
 */
record Standing(State state, String reason, long sinceMs, OptionalLong step, OptionalDouble epoch) {

  Standing(State state, String reason, long sinceMs) {
    this(state, reason, sinceMs, OptionalLong.empty(), OptionalDouble.empty());
  }

  /** The next standing, which began with this report unless the state is the same. */
  Standing to(State next, String why, WindowReport report) {
    return next == state
        ? new Standing(state, why, sinceMs, step, epoch)
        : new Standing(
            next, why, report.timestampMs(), OptionalLong.of(report.stepLast()), report.epoch());
  }

  Standing since(long timestampMs) {
    return new Standing(state, reason, timestampMs, step, epoch);
  }
}
