package io.collapsewatch.dashboard.feed;

import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.board.News;
import io.collapsewatch.dashboard.board.WatchedRun;
import io.collapsewatch.dashboard.history.Batch;
import io.collapsewatch.dashboard.history.History;
import io.collapsewatch.dashboard.history.Source;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * The only way to change what the dashboard knows: first written to the history, then put on the
 * board, so that nothing is shown that a restart would forget.
 */
public final class Intake {

  private final History history;
  private final Board board;
  private final LongAdder reports = new LongAdder();
  private final LongAdder skipped = new LongAdder();

  /** Puts what {@code history} holds on {@code board}. */
  public Intake(History history, Board board) {
    this.history = history;
    this.board = board;
    board.set(history.runs(), News.NONE);
  }

  /** The offset to read next of each partition that was ever read. */
  public Map<Source, Long> offsets() {
    return history.offsets();
  }

  /**
   * Takes what is new of a batch; what was taken before is left out.
   *
   * @throws io.collapsewatch.dashboard.history.HistoryException if it cannot be written; then
   *     nothing of it is taken
   */
  public synchronized void take(Batch batch) {
    Batch fresh = batch.from(history.offsets());
    News news = fresh.news();
    Collection<WatchedRun> changed = board.after(news);
    history.append(fresh, changed);
    board.set(changed, news);
    reports.add(news.reports().size());
  }

  /** See {@link History#rewind}. */
  public synchronized void rewind(Source source, long next) {
    history.rewind(source, next);
  }

  /**
   * Hides a run until its next attempt; its history stays.
   *
   * @return whether there is such a run
   * @throws io.collapsewatch.dashboard.history.HistoryException if it cannot be written
   */
  public synchronized boolean hide(String run) {
    Optional<WatchedRun> hidden = board.afterHiding(run);
    hidden.ifPresent(
        it -> {
          history.write(it);
          board.hide(it);
        });
    return hidden.isPresent();
  }

  /** Deletes what fell due before {@code timestampMs}; see {@link History#expire}. */
  public synchronized void expire(long timestampMs) {
    history.expire(timestampMs).forEach(board::forget);
  }

  /** Counts records that are none of what is read. */
  public void skipped(int records) {
    skipped.add(records);
  }

  /** Reports taken since the start. */
  public long reportsTaken() {
    return reports.sum();
  }

  /** Records since the start that were none of what is read. */
  public long recordsSkipped() {
    return skipped.sum();
  }
}
