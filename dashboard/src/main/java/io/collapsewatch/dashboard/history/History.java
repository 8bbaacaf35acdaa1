package io.collapsewatch.dashboard.history;

import static java.util.stream.Collectors.toMap;

import io.collapsewatch.dashboard.board.Alerts;
import io.collapsewatch.dashboard.board.Newest;
import io.collapsewatch.dashboard.board.WatchedRun;
import io.collapsewatch.dashboard.board.Window;
import io.collapsewatch.dashboard.series.MarginRow;
import io.collapsewatch.dashboard.series.SeriesRow;
import io.collapsewatch.dashboard.series.Spark;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.AlertJson;
import io.collapsewatch.protocol.codec.ReportJson;
import io.collapsewatch.protocol.codec.RunStatusJson;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every report's numbers and margins, the newest report of each window as a whole, how each run
 * stands, its alerts, the curve fitted to it, and what to read next: written in one transaction, so
 * that nothing is missing or twice however the process ends. Any thread may read; one at a time
 * writes.
 */
public final class History implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(History.class);

  private final HistoryFile file;
  private final Statements writing;
  private final Readers readers;
  private final Layouts layouts = new Layouts();
  private final BatchWriter writer;
  private final Map<Source, Long> offsets = new HashMap<>();
  private boolean closed;

  private History(HistoryFile file) throws SQLException {
    this.file = file;
    this.writing = new Statements(file.writing());
    this.readers = new Readers(file);
    this.writer = new BatchWriter(writing, layouts);
    offsets.putAll(storedOffsets());
  }

  /**
   * The history in {@code path}, an empty one if there is no such file.
   *
   * @throws HistoryException if it is in use, of a newer version, another program's or damaged
   */
  public static History open(Path path) {
    HistoryFile file = HistoryFile.open(path);
    try {
      return new History(file);
    } catch (SQLException e) {
      file.close();
      throw file.unreadable(e);
    }
  }

  /** The offset to read next of each partition that was ever read. */
  public synchronized Map<Source, Long> offsets() {
    return Map.copyOf(offsets);
  }

  /**
   * Writes a batch of which nothing was written before.
   *
   * @param runs as they stand after it
   * @throws HistoryException if it cannot be written; then nothing of it is
   */
  public synchronized void append(Batch batch, Collection<WatchedRun> runs) {
    write(() -> writer.write(batch, runs));
    offsets.putAll(batch.next());
  }

  /**
   * Writes how a run stands.
   *
   * @throws HistoryException if it cannot be written
   */
  public synchronized void write(WatchedRun run) {
    write(() -> writer.writeRun(run));
  }

  /**
   * Forgets what was read from {@code next} on: Kafka has lost it, as it may in a power cut, and
   * will fill these offsets again.
   *
   * @throws HistoryException if it cannot be written
   */
  public synchronized void rewind(Source source, long next) {
    write(
        () -> {
          String read =
              " WHERE source = (SELECT id FROM sources WHERE topic = ? AND topic_id = ? AND partition = ?) AND offset >= ?";
          for (String lost :
              List.of(
                  "DELETE FROM margins WHERE id IN (SELECT id FROM reports" + read + ")",
                  "DELETE FROM reports" + read,
                  "DELETE FROM alerts" + read,
                  "DELETE FROM curves" + read)) {
            writing.update(lost, source.topic(), source.topicId(), source.partition(), next);
          }
          writing.update(
              "UPDATE sources SET next = ? WHERE topic = ? AND topic_id = ? AND partition = ?",
              next,
              source.topic(),
              source.topicId(),
              source.partition());
        });
    offsets.put(source, next);
  }

  /**
   * Deletes reports that fell due before {@code timestampMs}, oldest first, some of each series at
   * a time, alerts that were resolved before it, and runs of which nothing is newer.
   *
   * @return the runs deleted
   * @throws HistoryException if it cannot be written
   */
  public synchronized List<String> expire(long timestampMs) {
    List<String> forgotten = new ArrayList<>();
    write(() -> forgotten.addAll(new Expiry(writing).deleteBefore(timestampMs)));
    return forgotten;
  }

  private void write(Statements.Work work) {
    try {
      writing.transaction(work);
    } catch (SQLException e) {
      layouts.forget();
      throw file.unwritable(e);
    }
  }

  /** Every run, hidden ones too, as it stood when it was last written. */
  public List<WatchedRun> runs() {
    return readers.read(
        statements -> {
          Map<String, Map<Window, Newest>> windows = newestOfAll(statements);
          Map<String, RunStatus> statuses = statuses(statements);
          Map<String, Alerts> alerts = alerts(statements);
          return statements.all(
              row -> run(row, windows, statuses, alerts),
              "SELECT run, attempt, reports, first_ms, last_ms, rolling, snapshots, hidden_attempt FROM runs");
        });
  }

  private static Map<String, Map<Window, Newest>> newestOfAll(Statements statements)
      throws SQLException {
    Map<String, Map<Window, Newest>> byRun = new HashMap<>();
    for (WindowReport report :
        readable(statements, "SELECT report FROM latest", ReportJson::decode)) {
      byRun
          .computeIfAbsent(report.run(), run -> new TreeMap<>())
          .put(Window.of(report), Newest.of(report));
    }
    return byRun;
  }

  private static Map<String, RunStatus> statuses(Statements statements) throws SQLException {
    return readable(statements, "SELECT status FROM statuses", RunStatusJson::decode).stream()
        .collect(toMap(RunStatus::run, status -> status));
  }

  private static Map<String, Alerts> alerts(Statements statements) throws SQLException {
    Map<String, Alerts> byRun = new HashMap<>();
    for (Alert alert :
        readable(
            statements,
            "SELECT alert FROM alerts JOIN runs USING(run, attempt) ORDER BY starts_ms",
            AlertJson::decode)) {
      byRun.merge(alert.run(), Alerts.NONE.plus(alert), (before, one) -> before.plus(alert));
    }
    return byRun;
  }

  /** Those that this build can read: an older one may have written them in another version. */
  private static <T> List<T> readable(Statements statements, String sql, Function<byte[], T> decode)
      throws SQLException {
    List<T> values = new ArrayList<>();
    for (byte[] json : statements.all(row -> row.getBytes(1), sql)) {
      try {
        values.add(decode.apply(json));
      } catch (IllegalArgumentException e) {
        log.warn(
            "the history holds what this build cannot read and leaves it out: {}", e.getMessage());
      }
    }
    return values;
  }

  private static WatchedRun run(
      ResultSet row,
      Map<String, Map<Window, Newest>> windows,
      Map<String, RunStatus> statuses,
      Map<String, Alerts> alerts)
      throws SQLException {
    String id = row.getString(1);
    Integer hidden = (Integer) row.getObject(8);
    return new WatchedRun(
        id,
        row.getInt(2),
        Optional.ofNullable(statuses.get(id)),
        new TreeMap<>(windows.getOrDefault(id, Map.of())),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        Spark.decode(row.getBytes(6)),
        Spark.decode(row.getBytes(7)),
        hidden == null ? OptionalInt.empty() : OptionalInt.of(hidden),
        alerts.getOrDefault(id, Alerts.NONE));
  }

  /** The JSON of the newest report of each window of a run, by split, layer and kind. */
  public List<byte[]> latest(String run) {
    return readers.read(
        statements ->
            statements.all(
                row -> row.getBytes(1),
                "SELECT report FROM latest WHERE run = ? ORDER BY split, layer, kind",
                run));
  }

  /** The JSON of the newest alerts of a run, that which began last first. */
  public List<byte[]> alerts(String run, int most) {
    return readers.read(
        statements ->
            statements.all(
                row -> row.getBytes(1),
                "SELECT alert FROM alerts WHERE run = ? ORDER BY starts_ms DESC, timestamp_ms DESC LIMIT ?",
                run,
                most));
  }

  /** The JSON of the curve fitted to a run's newest attempt. */
  public Optional<byte[]> curve(String run) {
    return readers.read(
        statements ->
            statements.first(
                row -> row.getBytes(1), "SELECT curve FROM curves WHERE run = ?", run));
  }

  /** The attempts of a run of which there are reports, ascending. */
  public List<Integer> attempts(String run) {
    return readers.read(
        statements ->
            statements.all(
                row -> row.getInt(1),
                "SELECT DISTINCT attempt FROM series WHERE run = ? ORDER BY attempt",
                run));
  }

  /**
   * Reads a series in its order.
   *
   * @param keys of the numbers asked for
   * @param use takes the rows; may be slow
   */
  public void series(SeriesId series, StepRange steps, List<String> keys, Consumer<SeriesRow> use) {
    new SeriesReader(readers, series, steps, keys).read(use);
  }

  /**
   * Reads the margins of a series in its order, of those reports that have them.
   *
   * @param seen whether to read the margins of every row of the run; otherwise those of the samples
   *     of the window
   * @param keys of the numbers asked for beside
   * @param use takes the rows; may be slow
   */
  public void margins(
      SeriesId series, StepRange steps, boolean seen, List<String> keys, Consumer<MarginRow> use) {
    new SeriesReader(readers, series, steps, keys).readMargins(seen, use);
  }

  private Map<Source, Long> storedOffsets() throws SQLException {
    Map<Source, Long> stored = new HashMap<>();
    writing.all(
        row ->
            stored.put(
                new Source(row.getString(1), row.getString(2), row.getInt(3)), row.getLong(4)),
        "SELECT topic, topic_id, partition, next FROM sources");
    return stored;
  }

  /** Waits for what is being read and written. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      readers.close();
      writing.close();
    } catch (SQLException e) {
      throw file.unwritable(e);
    } finally {
      file.close();
    }
  }
}
