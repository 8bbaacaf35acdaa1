package io.collapsewatch.dashboard.history;

import io.collapsewatch.protocol.Printable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteErrorCode;

/** The file, its lock and what is in it. */
final class HistoryFile implements AutoCloseable {

  /** "CWhi": tells our files from other programs'. */
  private static final int APPLICATION_ID = 0x43576869;

  private static final int BUSY_MILLIS = 5000;

  /**
   * A report's id is its series' times 2³² plus its place in it, so that a series lies in one piece
   * of the file, in the order of arrival. The margins have a table of their own, which keeps the
   * rows that most charts read short. Of the newest report of a window everything is kept.
   */
  private static final List<String> REPORTS =
      List.of(
          "CREATE TABLE sources(id INTEGER PRIMARY KEY, topic TEXT NOT NULL, topic_id TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL, UNIQUE(topic, topic_id, partition))",
          "CREATE TABLE runs(run TEXT PRIMARY KEY, attempt INTEGER NOT NULL, reports INTEGER NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, rolling BLOB NOT NULL, snapshots BLOB NOT NULL, hidden_attempt INTEGER)",
          "CREATE TABLE statuses(run TEXT PRIMARY KEY, status BLOB NOT NULL)",
          "CREATE TABLE latest(run TEXT NOT NULL, split TEXT NOT NULL, layer TEXT NOT NULL, kind TEXT NOT NULL, attempt INTEGER NOT NULL, report BLOB NOT NULL, PRIMARY KEY(run, split, layer, kind))",
          "CREATE TABLE series(id INTEGER PRIMARY KEY, run TEXT NOT NULL, attempt INTEGER NOT NULL, split TEXT NOT NULL, layer TEXT NOT NULL, kind TEXT NOT NULL, reports INTEGER NOT NULL, UNIQUE(run, attempt, split, layer, kind))",
          "CREATE TABLE layouts(id INTEGER PRIMARY KEY, keys TEXT NOT NULL UNIQUE)",
          "CREATE TABLE reports(id INTEGER PRIMARY KEY, source INTEGER NOT NULL, offset INTEGER NOT NULL, step INTEGER NOT NULL, epoch REAL, timestamp_ms INTEGER NOT NULL, layout INTEGER NOT NULL, numbers BLOB NOT NULL, UNIQUE(source, offset))",
          "CREATE TABLE margins(id INTEGER PRIMARY KEY, held BLOB, seen BLOB)");

  /** Of each alert the newest message, whole; the columns are for finding it. */
  private static final List<String> ALERTS =
      List.of(
          "CREATE TABLE alerts(run TEXT NOT NULL, attempt INTEGER NOT NULL, state TEXT NOT NULL, starts_ms INTEGER NOT NULL, firing INTEGER NOT NULL, timestamp_ms INTEGER NOT NULL, source INTEGER NOT NULL, offset INTEGER NOT NULL, alert BLOB NOT NULL, PRIMARY KEY(run, attempt, state, starts_ms))");

  /** Of each run the curve fitted to it last, whole. */
  private static final List<String> CURVES =
      List.of(
          "CREATE TABLE curves(run TEXT PRIMARY KEY, attempt INTEGER NOT NULL, source INTEGER NOT NULL, offset INTEGER NOT NULL, curve BLOB NOT NULL)");

  /** What each version added: a file of an earlier one gets what it lacks and keeps the rest. */
  private static final List<List<String>> VERSIONS = List.of(REPORTS, ALERTS, CURVES);

  /** The version of the tables that this build reads and writes. */
  static final int VERSION = VERSIONS.size();

  private final Path path;
  private final FileChannel lock;

  private HistoryFile(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * The file, with its tables.
   *
   * @throws HistoryException if it is in use, of a newer version, another program's or broken
   */
  static HistoryFile open(Path path) {
    FileChannel lock = lock(path);
    HistoryFile file = new HistoryFile(path, lock);
    try (Statements statements = new Statements(file.checking())) {
      file.prepare(statements);
      return file;
    } catch (SQLException e) {
      file.close();
      throw file.unreadable(e);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** A lock of its own file: SQLite would lose its locks on the database by our closing that. */
  private static FileChannel lock(Path path) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(
              path.resolveSibling(path.getFileName() + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      if (locked(channel)) {
        return channel;
      }
      channel.close();
    } catch (IOException e) {
      throw new HistoryException(
          "the history %s cannot be opened: %s; name a file that can be written"
              .formatted(quoted(path), e),
          e);
    }
    throw new HistoryException(
        "the history %s is in use by another process; stop that or name another file"
            .formatted(quoted(path)));
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void prepare(Statements statements) throws SQLException {
    int program = number(statements, "PRAGMA application_id");
    int version = number(statements, "PRAGMA user_version");
    if (number(statements, "SELECT count(*) FROM sqlite_master") == 0) {
      bringUpToDate(statements, 0);
    } else if (program != APPLICATION_ID) {
      throw new HistoryException(
          "%s is a database of another program; name another file".formatted(quoted(path)));
    } else if (version < 1 || version > VERSION) {
      throw new HistoryException(
          "the history %s is of version %d; this build reads versions 1 to %d; start a build that reads it or name another file"
              .formatted(quoted(path), version, VERSION));
    } else if (version < VERSION) {
      bringUpToDate(statements, version);
    }
  }

  private static void bringUpToDate(Statements statements, int version) throws SQLException {
    statements.transaction(
        () -> {
          for (List<String> added : VERSIONS.subList(version, VERSION)) {
            for (String table : added) {
              statements.update(table);
            }
          }
          statements.update("PRAGMA application_id = " + APPLICATION_ID);
          statements.update("PRAGMA user_version = " + VERSION);
        });
  }

  private static int number(Statements statements, String sql) throws SQLException {
    return statements.first(row -> row.getInt(1), sql).orElseThrow();
  }

  /**
   * The one connection that writes. A commit is not flushed to the disk at once: after a power cut
   * the newest may be gone, and the offsets that were written with them too, so they are read
   * again.
   */
  Connection writing() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.NORMAL);
    config.setBusyTimeout(BUSY_MILLIS);
    return config.createConnection(url());
  }

  /** A connection that leaves the file as it is until it is known to be ours. */
  private Connection checking() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    return config.createConnection(url());
  }

  /** One more connection that reads. */
  Connection reading() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_MILLIS);
    return config.createConnection(url());
  }

  private String url() {
    return "jdbc:sqlite:" + path.toAbsolutePath();
  }

  HistoryException unreadable(SQLException e) {
    return broken(e)
        ? new HistoryException(
            "the history %s is damaged (%s); move it away to begin an empty one"
                .formatted(quoted(path), e.getMessage()),
            e)
        : new HistoryException(
            "the history %s cannot be read: %s".formatted(quoted(path), e.getMessage()), e);
  }

  HistoryException unwritable(SQLException e) {
    return new HistoryException(
        "the history %s cannot be written: %s".formatted(quoted(path), e.getMessage()), e);
  }

  private static boolean broken(SQLException e) {
    // The lower byte is the kind of error, the rest tells cases of it apart.
    int kind = e.getErrorCode() & 0xff;
    return kind == SQLiteErrorCode.SQLITE_CORRUPT.code
        || kind == SQLiteErrorCode.SQLITE_NOTADB.code;
  }

  private static String quoted(Path path) {
    return Printable.quote(path.toString());
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new HistoryException(
          "the lock of the history %s cannot be given back".formatted(quoted(path)), e);
    }
  }
}
