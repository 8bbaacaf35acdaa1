package io.collapsewatch.analyzer.stream;

import io.collapsewatch.analyzer.window.RunState;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * When each run was last heard of here, by the clock: silence has no record to stamp it. What was
 * heard of before this process began counts from its beginning.
 *
 * <p>A run that promised an interval is silent after so much time in which this process listened:
 * the time that it takes for a long report of another run, or for captures that have piled up, is
 * nobody's silence.
 */
final class LastHeard {

  /** A tick that comes later than this after the one before counts as so much. */
  private static final long LONGEST_TICK_MS = 2_000;

  /** A capture that is older than this when it is read was waiting: others are, too. */
  private static final long BEHIND_MS = 30_000;

  private final Map<String, Heard> runs = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private final Duration unpromised;
  private long tickedMs;
  private long listenedMs;
  private boolean behind;

  /**
   * @param unpromised the longest silence that is normal for a run that promises nothing
   * @param nowMs the clock
   */
  LastHeard(Duration unpromised, long nowMs) {
    this.unpromised = unpromised;
    this.tickedMs = nowMs;
  }

  /**
   * What was heard of a run.
   *
   * @param atMs when, by the clock
   * @param listenedMs for how long this process had listened by then
   * @param promisedSeconds the longest silence that the run says is normal
   */
  record Heard(long atMs, long listenedMs, OptionalDouble promisedSeconds) {}

  /**
   * Notes that something came of a run.
   *
   * @param stampedMs when that was appended to the topic
   */
  void note(String id, RunState run, long stampedMs, long nowMs) {
    runs.put(id, new Heard(nowMs, listenedMs, run.settings().expectedIntervalSeconds()));
    told.remove(id);
    behind |= nowMs - stampedMs > BEHIND_MS;
  }

  /** Notes that time has passed; to be called about every second. */
  void tick(long nowMs) {
    listenedMs += behind ? 0 : Math.max(0, Math.min(nowMs - tickedMs, LONGEST_TICK_MS));
    tickedMs = nowMs;
    behind = false;
  }

  void forget(String id) {
    runs.remove(id);
    told.remove(id);
  }

  /**
   * The runs of which nothing has come for longer than they promised, each once until something
   * comes again.
   */
  Map<String, Heard> newlyOverdue() {
    Map<String, Heard> overdue = new HashMap<>();
    runs.forEach(
        (id, heard) -> {
          if (listenedMs - heard.listenedMs > normalMs(heard) && told.add(id)) {
            overdue.put(id, heard);
          }
        });
    return overdue;
  }

  private long normalMs(Heard heard) {
    return heard.promisedSeconds.isPresent()
        ? (long) (heard.promisedSeconds.getAsDouble() * 1000)
        : unpromised.toMillis();
  }

  /** The runs of which nothing has come for longer than {@code silence}. */
  List<String> silentFor(Duration silence, long nowMs) {
    return runs.entrySet().stream()
        .filter(run -> nowMs - run.getValue().atMs > silence.toMillis())
        .map(Map.Entry::getKey)
        .toList();
  }
}
