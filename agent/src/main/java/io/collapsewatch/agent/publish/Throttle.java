package io.collapsewatch.agent.publish;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Lets the same warning through at most once in a while. */
public final class Throttle {

  private final long interval;
  private final LongSupplier nanos;
  private boolean used;
  private long last;

  public Throttle(Duration interval, LongSupplier nanos) {
    this.interval = interval.toNanos();
    this.nanos = nanos;
  }

  /** Whether it is time again. */
  public synchronized boolean pass() {
    long now = nanos.getAsLong();
    if (used && now - last < interval) {
      return false;
    }
    used = true;
    last = now;
    return true;
  }
}
