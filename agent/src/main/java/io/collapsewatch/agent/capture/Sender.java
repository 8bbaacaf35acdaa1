package io.collapsewatch.agent.capture;

import io.collapsewatch.protocol.CaptureHeader;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** What is known of one rank of a run: its newest message, and what of it was lost here. */
final class Sender {

  private long seq = -1;
  private int part;

  /** Done when the newest message of this rank on its way to Kafka is settled. */
  private CompletableFuture<Void> newest = CompletableFuture.completedFuture(null);

  private final Map<String, Long> dropped = new TreeMap<>();

  /** Whether this message, or a later one, was taken before. */
  boolean repeats(CaptureHeader header) {
    if (header.seq().isEmpty()) {
      return false;
    }
    long number = header.seq().getAsLong();
    return number < seq || (number == seq && header.part() <= part);
  }

  void remember(CaptureHeader header) {
    header
        .seq()
        .ifPresent(
            number -> {
              seq = number;
              part = header.part();
            });
  }

  void onTheWay(CompletableFuture<Void> message) {
    newest = message;
  }

  /** Done when all messages so far are settled, as those of one run are settled in order. */
  CompletableFuture<Void> settled() {
    return newest;
  }

  void drop(String reason) {
    dropped.merge(reason, 1L, Long::sum);
  }

  Map<String, Long> dropped() {
    return Map.copyOf(dropped);
  }

  /**
   * The header with what was lost here added, reason by reason, to what the sender says it lost.
   */
  CaptureHeader withDropped(CaptureHeader header) {
    if (dropped.isEmpty()) {
      return header;
    }
    Map<String, Long> sum = new TreeMap<>(header.dropped());
    dropped.forEach((reason, count) -> sum.merge(reason, count, Long::sum));
    return header.withDropped(sum);
  }
}
