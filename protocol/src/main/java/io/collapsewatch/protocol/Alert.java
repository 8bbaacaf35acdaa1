package io.collapsewatch.protocol;

import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * That a run came into a state that somebody should look at, and, in a second message, that it left
 * it. What makes it one alert is its {@link #id}: a resolved message stands in the place of the
 * firing one.
 *
 * @param version of this format: {@value #VERSION}
 * @param run id of the run
 * @param attempt how often it was restarted
 * @param state that raised it
 * @param status whether it fires still
 * @param reason in one sentence with numbers, at most {@value #LONGEST_REASON} characters
 * @param startsMs when the run came into the state, ms since 1970
 * @param endsMs when it left it; only where resolved
 * @param step at which it fired
 * @param epoch of that step, where the run says it
 * @param timestampMs when this message was made, ms since 1970
 */
public record Alert(
    int version,
    String run,
    int attempt,
    State state,
    Status status,
    String reason,
    long startsMs,
    OptionalLong endsMs,
    long step,
    OptionalDouble epoch,
    long timestampMs) {

  /** The version of the format that this build writes. */
  public static final int VERSION = 1;

  /** The most characters of a reason. */
  public static final int LONGEST_REASON = 1000;

  /** The states that raise an alert. */
  public enum State {
    /** Its metrics stand still above their floor. */
    STALLED,
    /** Its metrics move away from collapse. */
    REGRESSING,
    /** It sends nothing within the interval that it promised. */
    SILENT
  }

  /** Whether an alert fires. */
  public enum Status {
    /** The run is in the state. */
    FIRING,
    /** The run has left the state, has ended or has begun again. */
    RESOLVED
  }

  /** What tells an alert from all others. */
  public record Id(String run, int attempt, State state, long startsMs) {}

  /**
   * @throws IllegalArgumentException if a value is outside its range, with the field, what was read
   *     and what was expected
   */
  public Alert {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(status, "status");
    require(CaptureHeader.ID.matcher(run).matches(), "run", Printable.quote(run), CaptureHeader.ID);
    requireNotNegative("attempt", attempt);
    require(
        !reason.isBlank() && reason.length() <= LONGEST_REASON,
        "reason",
        Printable.quote(reason),
        "a sentence of at most %d characters".formatted(LONGEST_REASON));
    requireNotNegative("starts_ms", startsMs);
    requireNotNegative("step", step);
    requireNotNegative("timestamp_ms", timestampMs);
    epoch.ifPresent(
        number ->
            require(
                number >= 0 && Double.isFinite(number),
                "epoch",
                number,
                "a finite number of at least 0"));
    requireEnd(status, startsMs, endsMs);
  }

  private static void requireEnd(Status status, long startsMs, OptionalLong endsMs) {
    if (status == Status.FIRING) {
      require(endsMs.isEmpty(), "ends_ms", endsMs.orElse(0), "nothing while it fires");
    } else {
      require(endsMs.isPresent(), "ends_ms", "missing", "a time, as it is resolved");
      require(
          endsMs.getAsLong() >= startsMs,
          "ends_ms",
          endsMs.getAsLong(),
          "at least starts_ms, %d".formatted(startsMs));
    }
  }

  private static void requireNotNegative(String field, long value) {
    require(value >= 0, field, value, "at least 0");
  }

  private static void require(boolean met, String field, Object read, Object expected) {
    if (!met) {
      throw new IllegalArgumentException(
          "%s of an alert is %s; expected %s".formatted(field, read, expected));
    }
  }

  /** What tells it from all others. */
  public Id id() {
    return new Id(run, attempt, state, startsMs);
  }

  /** Whether the run is in the state still. */
  public boolean firing() {
    return status == Status.FIRING;
  }
}
