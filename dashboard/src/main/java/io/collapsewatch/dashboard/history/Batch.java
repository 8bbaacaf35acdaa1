package io.collapsewatch.dashboard.history;

import io.collapsewatch.dashboard.board.News;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import java.util.List;
import java.util.Map;

/**
 * What was read at once and is written at once.
 *
 * @param reports in the order in which they were read
 * @param statuses in the order in which they were read
 * @param alerts in the order in which they were read
 * @param curves in the order in which they were read
 * @param next the offset to read next of each partition that was read
 */
public record Batch(
    List<Received<WindowReport>> reports,
    List<Received<RunStatus>> statuses,
    List<Received<Alert>> alerts,
    List<Received<FittedCurve>> curves,
    Map<Source, Long> next) {

  public Batch {
    reports = List.copyOf(reports);
    statuses = List.copyOf(statuses);
    alerts = List.copyOf(alerts);
    curves = List.copyOf(curves);
    next = Map.copyOf(next);
  }

  /** The part of it that lies at or after {@code offsets}: what was not written before. */
  public Batch from(Map<Source, Long> offsets) {
    return new Batch(
        unread(reports, offsets),
        unread(statuses, offsets),
        unread(alerts, offsets),
        unread(curves, offsets),
        next);
  }

  private static <T> List<Received<T>> unread(List<Received<T>> all, Map<Source, Long> offsets) {
    return all.stream().filter(r -> r.offset() >= offsets.getOrDefault(r.source(), 0L)).toList();
  }

  /** What was read, without where. */
  public News news() {
    return new News(values(reports), values(statuses), values(alerts), values(curves));
  }

  private static <T> List<T> values(List<Received<T>> received) {
    return received.stream().map(Received::value).toList();
  }
}
