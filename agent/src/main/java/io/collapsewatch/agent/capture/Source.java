package io.collapsewatch.agent.capture;

import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.TrainingStats;
import java.util.Optional;

/** Live batches of one (split, layer) of a run: their budget and the margins not yet published. */
final class Source {

  private static final long LONGEST_WAIT_NANOS = 1_000_000_000L;

  final SampleBudget budget;
  private Optional<MarginStatistics> pending = Optional.empty();
  private CaptureHeader newest;
  private long publishedNanos;

  Source(CaptureHeader header, long nanos) {
    budget = new SampleBudget(header.step(), nanos);
    newest = header;
    publishedNanos = nanos;
  }

  /** What would be pending with {@code more}; changes nothing. */
  Optional<MarginStatistics> pendingWith(Optional<MarginStatistics> more) {
    return more.map(m -> pending.map(p -> p.plus(m)).orElse(m)).or(() -> pending);
  }

  void keep(CaptureHeader header, Optional<MarginStatistics> statistics) {
    newest = header;
    pending = statistics;
  }

  boolean due(long nanos) {
    return nanos - publishedNanos >= LONGEST_WAIT_NANOS;
  }

  void published(long nanos) {
    pending = Optional.empty();
    publishedNanos = nanos;
  }

  /**
   * The pending statistics as a message, in place of the newest batch they cover, of which no row
   * was published: so it has that one's number.
   */
  Optional<TrainingStats> message() {
    return pending.map(statistics -> TrainingStats.ofMargins(newest, statistics));
  }
}
