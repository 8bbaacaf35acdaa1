package io.collapsewatch.protocol;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
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
 * @param terminalStep step at which the terminal phase began, once it has
 * @param terminalEpoch the epoch of that step, where the run says it
 * @param floor the NC1 below which the run counts as collapsed, once it is judged
 * @param trend how NC1 moves, once there are reports enough
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
    RunSettings settings,
    OptionalLong terminalStep,
    OptionalDouble terminalEpoch,
    Optional<NoiseFloor> floor,
    Optional<Slope> trend) {

  /** The version of the format that this build writes. */
  public static final int VERSION = 1;

  /** The states of a run. */
  public enum State {
    /** Too few samples to say anything. */
    WAITING,
    /** Before the terminal phase: not everything in the window is classified correctly. */
    FITTING,
    /** In the terminal phase, which begins where the training error in the window is first 0. */
    COLLAPSING,
    /** Flat at the floor, in the terminal phase. */
    CONVERGED,
    /** Flat above the floor. */
    STALLED,
    /** Moving away from collapse. */
    REGRESSING,
    /** Nothing comes within the interval that the run promised. */
    SILENT,
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
