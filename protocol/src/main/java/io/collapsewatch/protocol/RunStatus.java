package io.collapsewatch.protocol;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * How a run stands, as far as its captures tell. Sent when the state, its reason, or something that
 * the run says of itself changes.
 *
 * @param version of this format: {@value #VERSION}
 * @param run id of the run
 * @param attempt how often it was restarted
 * @param state in one word
 * @param reason in one sentence with numbers
 * @param sinceMs when it came into this state: timestamp of the capture that brought it there, ms
 *     since 1970
 * @param startedMs timestamp of the first capture of the run
 * @param timestampMs timestamp of the capture that this was sent for
 * @param step the newest step seen
 * @param epoch the epoch of that step, where the run says it
 * @param classes K, once known
 * @param dims width d of each captured layer
 * @param settings what the run said of itself
 */
public record RunStatus(
    int version,
    String run,
    int attempt,
    State state,
    String reason,
    long sinceMs,
    long startedMs,
    long timestampMs,
    long step,
    OptionalDouble epoch,
    OptionalInt classes,
    Map<String, Integer> dims,
    RunSettings settings) {

  /** The version of the format that this build writes. */
  public static final int VERSION = 1;

  /** The states of a run. */
  public enum State {
    /** Too few samples to say anything. */
    WAITING,
    /** Before the terminal phase: not everything in the window is classified correctly. */
    FITTING,
    /** In the terminal phase: the training error in the window is 0. */
    COLLAPSING,
    /** All ranks have ended. */
    ENDED
  }

  public RunStatus {
    Objects.requireNonNull(run);
    Objects.requireNonNull(state);
    Objects.requireNonNull(reason);
    dims = Collections.unmodifiableMap(new TreeMap<>(dims));
  }
}
