package io.collapsewatch.analyzer.window;

import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MarginStatistics;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a rolling window remembers beside its samples.
 *
 * @param schedule when its reports are due, once it has had a batch
 * @param newestStep the newest step it has seen, −1 before the first batch
 * @param epoch the epoch of that step, where the run says it
 * @param unreported whether batches, or margins of their rows, came since the last report
 * @param marginsSeen margins of all rows since the last report
 */
public record WindowState(
    Optional<ReportSchedule> schedule,
    long newestStep,
    OptionalDouble epoch,
    boolean unreported,
    Optional<MarginStatistics> marginsSeen) {

  /** Of a window that has seen nothing. */
  public static final WindowState EMPTY =
      new WindowState(Optional.empty(), -1, OptionalDouble.empty(), false, Optional.empty());

  /** After a batch that was appended at {@code timestampMs}. */
  public WindowState after(FeatureBatch batch, long timestampMs) {
    long step = batch.header().step();
    ReportSchedule started = schedule.orElseGet(() -> ReportSchedule.startingAt(step, timestampMs));
    return new WindowState(
        Optional.of(started.after(step, timestampMs)),
        Math.max(newestStep, step),
        step >= newestStep ? batch.header().epoch() : epoch,
        true,
        marginsSeen);
  }

  /** After statistics of margins. */
  public WindowState after(MarginStatistics margins) {
    MarginStatistics sum = marginsSeen.map(seen -> seen.plus(margins)).orElse(margins);
    return new WindowState(schedule, newestStep, epoch, schedule.isPresent(), Optional.of(sum));
  }

  /** After a report. */
  public WindowState reported() {
    return new WindowState(
        schedule.map(s -> s.reportedAt(newestStep)), newestStep, epoch, false, Optional.empty());
  }
}
