package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.NoiseFloor;
import io.collapsewatch.protocol.RunStatus.State;
import io.collapsewatch.protocol.Slope;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How a run stands, and all that is remembered of it to judge its next report. {@link RunJudge}
 * makes the next one from a report; what else happens to a run is told here.
 *
 * @param standing the state with its reason
 * @param before what the run was judged, while it is silent or has ended
 * @param terminalStep step at which the terminal phase began, once it has
 * @param terminalEpoch the epoch of that step, where the run says it
 * @param floor the NC1 below which the run counts as collapsed, once it is judged
 * @param trend how NC1 moves, once there are reports enough
 * @param track the reports that count
 * @param leaning the state that the last verdicts name, if it is another one
 * @param model what its reference model's curve says, once it is fitted
 */
public record Judgement(
    Standing standing,
    Optional<Standing> before,
    OptionalLong terminalStep,
    OptionalDouble terminalEpoch,
    Optional<NoiseFloor> floor,
    Optional<Slope> trend,
    Track track,
    Optional<Leaning> leaning,
    Optional<ModelFit> model) {

  /** Of a run of which nothing has been seen. */
  public static final Judgement UNKNOWN =
      new Judgement(
          new Standing(State.WAITING, "no samples yet", 0),
          Optional.empty(),
          OptionalLong.empty(),
          OptionalDouble.empty(),
          Optional.empty(),
          Optional.empty(),
          Track.EMPTY,
          Optional.empty(),
          Optional.empty());

  /** In one word. */
  public State state() {
    return standing.state();
  }

  /** In one sentence with numbers, at most 500 characters. */
  public String reason() {
    return standing.reason();
  }

  /** Timestamp of the capture that brought the run into its state; 0 before the first. */
  public long sinceMs() {
    return standing.sinceMs();
  }

  /** The reports that the trend is taken from, ascending by step; no two share a sample. */
  public List<Observation> observations() {
    return track.observations();
  }

  /** After a capture, which may be the first one. */
  public Judgement begun(long timestampMs) {
    return sinceMs() == 0 ? in(standing.since(timestampMs)) : this;
  }

  /** After the last rank has ended; what the run was judged stays in the reason. */
  public Judgement ended(long step, int ranks, long timestampMs) {
    Standing judged = before.orElse(standing);
    String reason = Reasons.ended(judged, step, ranks);
    return left(judged, new Standing(State.ENDED, reason, timestampMs));
  }

  /**
   * Where nothing comes; a run that has ended stays ended. What it was judged is remembered.
   *
   * @param lastHeardMs when the last message came
   * @param nowMs when it was missed
   * @param promisedSeconds the interval that the run promised, if it did
   */
  public Judgement silent(long lastHeardMs, long nowMs, OptionalDouble promisedSeconds) {
    if (before.isPresent()) {
      return this;
    }
    String reason = Reasons.silent(nowMs - lastHeardMs, promisedSeconds);
    return left(standing, new Standing(State.SILENT, reason, nowMs));
  }

  /**
   * Back from silence to what the run was judged before, since when it was; else as it was.
   *
   * @param timestampMs of the message that came
   */
  public Judgement heard(long timestampMs) {
    return state() == State.SILENT ? in(before.orElseThrow()).begun(timestampMs) : this;
  }

  /** As silent as before: a report of what had come by then is no sign of life. */
  public Judgement asSilentAs(Judgement earlier) {
    return earlier.state() == State.SILENT && state() != State.SILENT
        ? left(standing, earlier.standing)
        : this;
  }

  /** With what its reference model says, if that fits; the floor follows with the next report. */
  public Judgement withModel(Optional<ModelFit> fit) {
    return new Judgement(
        standing, before, terminalStep, terminalEpoch, floor, trend, track, leaning, fit);
  }

  /** Neither silent nor ended any more: a report has come. */
  Judgement awake(long timestampMs) {
    return state() == State.ENDED
        ? in(before.orElseThrow().since(timestampMs))
        : heard(timestampMs);
  }

  /** In another state, with nothing left behind. */
  Judgement in(Standing next) {
    return new Judgement(
        next, Optional.empty(), terminalStep, terminalEpoch, floor, trend, track, leaning, model);
  }

  private Judgement left(Standing judged, Standing next) {
    return new Judgement(
        next,
        Optional.of(judged),
        terminalStep,
        terminalEpoch,
        floor,
        trend,
        track,
        leaning,
        model);
  }

  /** In its terminal phase; since when is told once. */
  Judgement terminal(long step, OptionalDouble epoch) {
    return terminalStep.isPresent()
        ? this
        : new Judgement(
            standing, before, OptionalLong.of(step), epoch, floor, trend, track, leaning, model);
  }

  Judgement above(NoiseFloor newFloor) {
    return new Judgement(
        standing,
        before,
        terminalStep,
        terminalEpoch,
        Optional.of(newFloor),
        trend,
        track,
        leaning,
        model);
  }

  Judgement following(Track newTrack, Optional<Slope> newTrend) {
    return new Judgement(
        standing, before, terminalStep, terminalEpoch, floor, newTrend, newTrack, leaning, model);
  }

  Judgement leaning(Optional<Leaning> newLeaning) {
    return new Judgement(
        standing, before, terminalStep, terminalEpoch, floor, trend, track, newLeaning, model);
  }
}
