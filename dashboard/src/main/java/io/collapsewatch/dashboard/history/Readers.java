package io.collapsewatch.dashboard.history;

import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Some connections that read, so that requests do not wait for the feed or for each other. */
final class Readers implements AutoCloseable {

  private static final int COUNT = 4;
  private static final int PATIENCE_SECONDS = 10;

  private final HistoryFile file;
  private final BlockingQueue<Statements> idle = new ArrayBlockingQueue<>(COUNT);

  Readers(HistoryFile file) throws SQLException {
    this.file = file;
    for (int i = 0; i < COUNT; i++) {
      idle.add(new Statements(file.reading()));
    }
  }

  /** A question to the history. */
  interface Question<T> {
    T ask(Statements statements) throws SQLException;
  }

  /**
   * The answer. To be short: what takes long asks again and again.
   *
   * @throws HistoryException if it cannot be read, or every connection stays taken
   */
  <T> T read(Question<T> question) {
    Statements statements = take();
    try {
      return question.ask(statements);
    } catch (SQLException e) {
      throw file.unreadable(e);
    } finally {
      idle.add(statements);
    }
  }

  private Statements take() {
    try {
      Statements statements = idle.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (statements != null) {
        return statements;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new HistoryException(
        "%d others are reading the history and none finished within %d s; try again"
            .formatted(COUNT, PATIENCE_SECONDS));
  }

  /** Waits for the questions that are being answered. */
  @Override
  public void close() throws SQLException {
    for (int i = 0; i < COUNT; i++) {
      take().close();
    }
  }
}
