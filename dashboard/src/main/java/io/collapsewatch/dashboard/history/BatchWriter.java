package io.collapsewatch.dashboard.history;

import static java.util.stream.Collectors.toSet;

import io.collapsewatch.dashboard.board.WatchedRun;
import io.collapsewatch.dashboard.board.Window;
import io.collapsewatch.dashboard.series.ReportNumbers;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.AlertJson;
import io.collapsewatch.protocol.codec.FittedCurveJson;
import io.collapsewatch.protocol.codec.ReportJson;
import io.collapsewatch.protocol.codec.RunStatusJson;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** Writes a batch, inside a transaction that somebody else began. */
final class BatchWriter {

  private final Statements statements;
  private final Layouts layouts;

  BatchWriter(Statements statements, Layouts layouts) {
    this.statements = statements;
    this.layouts = layouts;
  }

  void write(Batch batch, Collection<WatchedRun> runs) throws SQLException {
    for (Map.Entry<Source, Long> position : batch.next().entrySet()) {
      writePosition(position.getKey(), position.getValue());
    }
    Map<List<Object>, WindowReport> newest = new LinkedHashMap<>();
    for (Received<WindowReport> report : batch.reports()) {
      writeReport(report);
      newest.merge(
          List.of(report.value().run(), Window.of(report.value())),
          report.value(),
          BatchWriter::later);
    }
    for (WindowReport report : newest.values()) {
      writeLatest(report);
    }
    for (Received<FittedCurve> curve : batch.curves()) {
      writeCurve(curve);
    }
    Set<String> judged =
        batch.statuses().stream().map(status -> status.value().run()).collect(toSet());
    for (WatchedRun run : runs) {
      writeRun(run);
      if (judged.contains(run.id())) {
        writeStatus(run.status().orElseThrow());
      }
    }
    for (Received<Alert> alert : batch.alerts()) {
      writeAlert(alert);
    }
  }

  private static WindowReport later(WindowReport one, WindowReport next) {
    return next.attempt() >= one.attempt() ? next : one;
  }

  private void writePosition(Source source, long next) throws SQLException {
    statements.update(
        "INSERT INTO sources(topic, topic_id, partition, next) VALUES(?, ?, ?, ?) ON CONFLICT(topic, topic_id, partition) DO UPDATE SET next = excluded.next",
        source.topic(),
        source.topicId(),
        source.partition(),
        next);
  }

  private void writeReport(Received<WindowReport> received) throws SQLException {
    WindowReport report = received.value();
    long id = nextId(SeriesId.of(report));
    Map<String, Double> numbers = ReportNumbers.of(report);
    statements.update(
        "INSERT INTO reports(id, source, offset, step, epoch, timestamp_ms, layout, numbers) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        sourceId(received.source()),
        received.offset(),
        report.stepLast(),
        orNull(report.epoch()),
        report.timestampMs(),
        layouts.id(statements, numbers.keySet()),
        Layouts.pack(numbers.values()));
    writeMargins(id, report);
  }

  private void writeMargins(long id, WindowReport report) throws SQLException {
    if (report.marginHistogram().isPresent() || report.marginsSeen().isPresent()) {
      statements.update(
          "INSERT INTO margins(id, held, seen) VALUES(?, ?, ?)",
          id,
          PackedHistogram.pack(report.marginHistogram()),
          PackedHistogram.pack(report.marginsSeen().map(MarginStatistics::histogram)));
    }
  }

  private long nextId(SeriesId series) throws SQLException {
    return statements
        .first(
            row -> Ids.report(row.getLong(1), row.getLong(2)),
            "INSERT INTO series(run, attempt, split, layer, kind, reports) VALUES(?, ?, ?, ?, ?, 1) ON CONFLICT(run, attempt, split, layer, kind) DO UPDATE SET reports = reports + 1 RETURNING id, reports - 1",
            series.run(),
            series.attempt(),
            series.window().split(),
            series.window().layer(),
            series.window().kindName())
        .orElseThrow();
  }

  private long sourceId(Source source) throws SQLException {
    return statements
        .first(
            row -> row.getLong(1),
            "SELECT id FROM sources WHERE topic = ? AND topic_id = ? AND partition = ?",
            source.topic(),
            source.topicId(),
            source.partition())
        .orElseThrow();
  }

  private void writeLatest(WindowReport report) throws SQLException {
    Window window = Window.of(report);
    statements.update(
        "INSERT INTO latest(run, split, layer, kind, attempt, report) VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(run, split, layer, kind) DO UPDATE SET attempt = excluded.attempt, report = excluded.report WHERE excluded.attempt >= latest.attempt",
        report.run(),
        window.split(),
        window.layer(),
        window.kindName(),
        report.attempt(),
        ReportJson.encode(report));
  }

  /** A run as it stands; its status, which rarely changes and may be long, apart. */
  void writeRun(WatchedRun run) throws SQLException {
    statements.update(
        "INSERT OR REPLACE INTO runs(run, attempt, reports, first_ms, last_ms, rolling, snapshots, hidden_attempt) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        run.id(),
        run.attempt(),
        run.reports(),
        run.firstMs(),
        run.lastMs(),
        run.rolling().encode(),
        run.snapshots().encode(),
        orNull(run.hiddenAttempt()));
    for (String table : List.of("latest", "curves")) {
      statements.update(
          "DELETE FROM " + table + " WHERE run = ? AND attempt < ?", run.id(), run.attempt());
    }
  }

  private void writeStatus(RunStatus status) throws SQLException {
    statements.update(
        "INSERT OR REPLACE INTO statuses(run, status) VALUES(?, ?)",
        status.run(),
        RunStatusJson.encode(status));
  }

  /** One that is resolved does not fire again. */
  private void writeAlert(Received<Alert> received) throws SQLException {
    Alert alert = received.value();
    statements.update(
        "INSERT INTO alerts(run, attempt, state, starts_ms, firing, timestamp_ms, source, offset, alert) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(run, attempt, state, starts_ms) DO UPDATE SET firing = excluded.firing, timestamp_ms = excluded.timestamp_ms, source = excluded.source, offset = excluded.offset, alert = excluded.alert WHERE alerts.firing OR NOT excluded.firing",
        alert.run(),
        alert.attempt(),
        alert.state().name(),
        alert.startsMs(),
        alert.firing() ? 1 : 0,
        alert.timestampMs(),
        sourceId(received.source()),
        received.offset(),
        AlertJson.encode(alert));
  }

  /** In the place of the one before; {@link #writeRun} removes one of an earlier attempt. */
  private void writeCurve(Received<FittedCurve> received) throws SQLException {
    FittedCurve curve = received.value();
    statements.update(
        "INSERT INTO curves(run, attempt, source, offset, curve) VALUES(?, ?, ?, ?, ?) ON CONFLICT(run) DO UPDATE SET attempt = excluded.attempt, source = excluded.source, offset = excluded.offset, curve = excluded.curve WHERE excluded.attempt >= curves.attempt",
        curve.run(),
        curve.attempt(),
        sourceId(received.source()),
        received.offset(),
        FittedCurveJson.encode(curve));
  }

  private static Double orNull(OptionalDouble number) {
    return number.isPresent() ? number.getAsDouble() : null;
  }

  private static Integer orNull(OptionalInt number) {
    return number.isPresent() ? number.getAsInt() : null;
  }
}
