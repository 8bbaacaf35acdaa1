package io.collapsewatch.agent.publish;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Counts what was taken and is not delivered yet, and refuses what goes beyond its bytes. A group
 * that alone is larger is taken when nothing else waits, else it could never be sent.
 */
final class Backlog {

  private final long limit;
  private long bytes;
  private long captures;

  Backlog(long limit) {
    this.limit = limit;
  }

  /** Makes room for all or none. */
  synchronized boolean add(List<EncodedCapture> group) {
    long more = group.stream().mapToLong(EncodedCapture::bytes).sum();
    if (captures > 0 && bytes + more > limit) {
      return false;
    }
    bytes += more;
    captures += group.size();
    return true;
  }

  /** A capture was delivered or given up. */
  synchronized void remove(EncodedCapture capture) {
    bytes -= capture.bytes();
    captures--;
    if (captures == 0 || halfFree()) {
      notifyAll();
    }
  }

  private boolean halfFree() {
    return bytes <= limit / 2;
  }

  long limit() {
    return limit;
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized long captures() {
    return captures;
  }

  /** Waits until nothing is left, at most as long as given. */
  synchronized void awaitEmpty(Duration longest) throws InterruptedException {
    awaitUntil(() -> captures == 0, longest);
  }

  /**
   * Waits until at most half of the bytes are taken, at most as long as given; whether they are.
   */
  synchronized boolean awaitHalfFree(Duration longest) throws InterruptedException {
    awaitUntil(this::halfFree, longest);
    return halfFree();
  }

  private void awaitUntil(BooleanSupplier reached, Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    long left = longest.toNanos();
    for (; !reached.getAsBoolean() && left > 0; left = end - System.nanoTime()) {
      // Rounded up: wait(0) would wait for ever.
      wait(left / 1_000_000 + 1);
    }
  }
}
