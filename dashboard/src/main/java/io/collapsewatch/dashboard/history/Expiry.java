package io.collapsewatch.dashboard.history;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Deletes what is too old, inside a transaction that somebody else began. */
final class Expiry {

  /** Reports of one series that are deleted at once: the feed waits meanwhile. */
  private static final int AT_ONCE = 5_000;

  private final Statements statements;

  Expiry(Statements statements) {
    this.statements = statements;
  }

  /** The runs that are gone altogether; an alert that fires stays as long as its run. */
  List<String> deleteBefore(long timestampMs) throws SQLException {
    List<Long> series = statements.all(row -> row.getLong(1), "SELECT id FROM series");
    for (long id : series) {
      deleteReports(id, timestampMs);
    }
    statements.update("DELETE FROM alerts WHERE NOT firing AND timestamp_ms < ?", timestampMs);
    List<String> gone =
        statements.all(
            row -> row.getString(1),
            "SELECT run FROM runs WHERE last_ms < ? AND NOT EXISTS (SELECT 1 FROM series JOIN reports ON reports.id BETWEEN series.id << 32 AND (series.id + 1 << 32) - 1 WHERE series.run = runs.run)",
            timestampMs);
    for (String run : gone) {
      deleteRun(run);
    }
    return gone;
  }

  /** A series lies in the order of time, so the old ones are those before the first new one. */
  private void deleteReports(long series, long timestampMs) throws SQLException {
    List<Dated> oldest =
        statements.all(
            row -> new Dated(row.getLong(1), row.getLong(2)),
            "SELECT id, timestamp_ms FROM reports WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
            Ids.first(series),
            Ids.last(series),
            AT_ONCE);
    Optional<Dated> end =
        oldest.stream()
            .takeWhile(report -> report.timestampMs < timestampMs)
            .reduce((one, next) -> next);
    if (end.isPresent()) {
      for (String table : List.of("margins", "reports")) {
        statements.update(
            "DELETE FROM " + table + " WHERE id BETWEEN ? AND ?", Ids.first(series), end.get().id);
      }
    }
  }

  private record Dated(long id, long timestampMs) {}

  private void deleteRun(String run) throws SQLException {
    for (String table : List.of("runs", "statuses", "latest", "series", "alerts", "curves")) {
      statements.update("DELETE FROM " + table + " WHERE run = ?", run);
    }
  }
}
