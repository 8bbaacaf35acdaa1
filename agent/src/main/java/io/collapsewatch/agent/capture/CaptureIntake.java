package io.collapsewatch.agent.capture;

import io.collapsewatch.agent.publish.CaptureSink;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.MarginStatistics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What every capture passes on its way to Kafka, whichever door it came through: held against its
 * run, repeats left out, logits reduced to margins, live batches sampled, encoded in parts that fit
 * a record. The margin statistics of all live rows are collected; they go out before the next
 * sampled batch, with the first batch after a second, and before the end. Thread-safe; nothing
 * waits.
 *
 * <p>Each attempt of a run is known by itself, so a restarted run starts afresh and a straggler of
 * the attempt before is still taken. The newest {@value #MOST_RUNS} are remembered.
 *
 * <p>A message that was taken but lost is counted by reason; every later message of the same run,
 * attempt and rank carries the totals in its header, added to those that its sender wrote there.
 */
public final class CaptureIntake {

  private static final int MOST_RUNS = 10_000;
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  private final CaptureSink sink;
  private final LongSupplier nanos;
  private final Counts counts = new Counts();
  private final Map<Attempt, RunIntake> runs =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Attempt, RunIntake> eldest) {
          return size() > MOST_RUNS;
        }
      };

  private record Attempt(String run, int number) {}

  /**
   * @param sink where captures go; not closed here
   * @param nanos the time in nanoseconds from any origin, as of {@link System#nanoTime}
   */
  public CaptureIntake(CaptureSink sink, LongSupplier nanos) {
    this.sink = sink;
    this.nanos = nanos;
  }

  /**
   * Takes a capture. Rows that the sampling leaves out count as taken, a repeated message too.
   *
   * @return false if the buffer is full; then nothing of the capture was taken and the same may be
   *     offered again
   * @throws io.collapsewatch.protocol.CaptureException if it does not fit its run, cannot be split
   *     small enough, or has margins that are not finite
   */
  public boolean accept(Capture capture) {
    return accept(capture, () -> {});
  }

  /**
   * Takes a capture, as {@link #accept(Capture)} does, and says when nothing of it is open any
   * more: when Kafka has acknowledged it, the sampling has left it out, or it is lost and counted.
   * A repeated message is settled when the one it repeats is.
   *
   * @param settled called at most once, from any thread, if the capture was taken
   */
  public boolean accept(Capture capture, Runnable settled) {
    return run(capture.header()).accept(capture, settled);
  }

  /**
   * Takes a capture as soon as half of the buffer is free, so that the other half stays for those
   * who cannot wait.
   *
   * @param settled as of {@link #accept(Capture, Runnable)}
   * @throws InterruptedException if the thread is interrupted; nothing of the capture was taken
   */
  public void acceptWaiting(Capture capture, Runnable settled) throws InterruptedException {
    do {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    } while (!(sink.awaitRoom(BETWEEN_TRIES) && accept(capture, settled)));
  }

  /** What was done since the start; the doors count what comes through them. */
  public Counts counts() {
    return counts;
  }

  /** Whether some of the rows of a live batch would be published if it came now. */
  boolean wants(CaptureHeader header, int rows) {
    return run(header).wants(header, rows);
  }

  /** Takes the margins of a live batch of which no row is published. */
  void note(CaptureHeader header, MarginStatistics margins) {
    run(header).note(header, margins);
  }

  /** Counts a message that was lost before it came here. */
  void drop(CaptureHeader header, String reason) {
    run(header).drop(header.rank(), reason);
  }

  /** Messages of the header's run, attempt and rank lost so far, by reason. */
  Map<String, Long> dropped(CaptureHeader header) {
    return run(header).dropped(header.rank());
  }

  private RunIntake run(CaptureHeader header) {
    Attempt attempt = new Attempt(header.run(), header.attempt());
    synchronized (runs) {
      return runs.computeIfAbsent(attempt, unused -> new RunIntake(sink, nanos, counts));
    }
  }
}
