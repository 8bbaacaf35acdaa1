package io.collapsewatch.dashboard.board;

import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.WindowReport;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Of the newest report of a window, what a list of runs needs: little enough for thousands. */
public record Newest(
    long step,
    OptionalDouble epoch,
    long timestampMs,
    OptionalInt classes,
    int dim,
    MetricValues metrics) {

  /** What is kept of {@code report}. */
  public static Newest of(WindowReport report) {
    return new Newest(
        report.stepLast(),
        report.epoch(),
        report.timestampMs(),
        report.classes(),
        report.dim(),
        report.metrics());
  }
}
