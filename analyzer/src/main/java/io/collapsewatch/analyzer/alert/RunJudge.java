package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunStatus.State;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.WindowReport.Kind;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Judges the reports of split {@code train}, layer {@code penultimate}: the rolling ones, or the
 * snapshots of a run that has no rolling ones. The terminal phase begins where the training error
 * is first 0 (Papyan, Han and Donoho 2020); {@code docs/ALERTS.md} has the rules. Pure: the same
 * reports in the same order give the same judgement.
 */
public final class RunJudge {

  private final JudgeSettings settings;

  public RunJudge(JudgeSettings settings) {
    this.settings = settings;
  }

  /**
   * The judgement after a report.
   *
   * @param classes K, or as many as have been seen
   */
  public Judgement after(Judgement before, WindowReport report, int classes) {
    if (!concerns(before, report)) {
      return before;
    }
    Judgement awake = begunAnew(before.awake(report.timestampMs()), report);
    long samples = (long) report.metrics().get(MetricKey.SAMPLES).orElse(0);
    long needed = (long) settings.samplesPerClass() * classes;
    if (samples < needed) {
      return awake.state() == State.WAITING
          ? to(State.WAITING, Reasons.tooFew(report, samples, needed), awake, report)
          : awake;
    }
    Judgement seen = phase(awake, report).above(Floors.of(report, awake.model(), settings));
    return Observation.of(report)
        .filter(seen.track()::accepts)
        .map(next -> judged(seen, next, report, samples))
        .orElseGet(() -> unjudged(seen, report, samples));
  }

  private static boolean concerns(Judgement before, WindowReport report) {
    return report.split().equals(CaptureHeader.TRAIN)
        && report.layer().equals(CaptureHeader.PENULTIMATE)
        && (report.kind() == Kind.ROLLING || before.track().kind() == Kind.SNAPSHOT);
  }

  /** Snapshots read about half of what rolling windows do, so that a trend never mixes them. */
  private Judgement begunAnew(Judgement before, WindowReport report) {
    if (report.kind() == before.track().kind()) {
      return before;
    }
    Judgement anew = before.following(Track.ROLLING, Optional.empty()).leaning(Optional.empty());
    return fromTrend(before.state()) ? to(base(anew), Reasons.begunAnew(), anew, report) : anew;
  }

  private Judgement phase(Judgement before, WindowReport report) {
    OptionalDouble accuracy = report.metrics().get(MetricKey.ACCURACY);
    return accuracy.isPresent() && accuracy.getAsDouble() >= settings.terminalAccuracy()
        ? before.terminal(report.stepLast(), report.epoch())
        : before;
  }

  /** After a report that says nothing new of the trend. */
  private Judgement unjudged(Judgement seen, WindowReport report, long samples) {
    boolean early = seen.state() == State.WAITING || seen.state() == State.FITTING;
    return early ? to(base(seen), Reasons.accuracy(seen, report, samples), seen, report) : seen;
  }

  private Judgement judged(Judgement seen, Observation next, WindowReport report, long samples) {
    Track track = seen.track().with(next);
    Optional<Trend> trend = Trend.of(track, settings);
    Judgement followed = seen.following(track, trend.map(Trend::slope));
    State verdict = trend.map(it -> verdict(followed, it)).orElseGet(() -> untold(followed));
    Judgement weighed = weighed(followed, verdict);
    State state = weighed.leaning().isPresent() ? weighed.state() : verdict;
    return to(state, reason(state, weighed, trend, report, samples), weighed, report);
  }

  /** What the trend says, to a run in its state: what is in between leaves it there. */
  private State verdict(Judgement seen, Trend trend) {
    State state = seen.state();
    double level = seen.track().level();
    double floor = seen.floor().orElseThrow().nc1();
    if (base(seen) == State.FITTING && seen.track().seen() < settings.patience()) {
      return State.FITTING;
    }
    if (state == State.CONVERGED && level <= floor * settings.regression()) {
      return State.CONVERGED;
    }
    if (level <= floor) {
      return trend.flat(settings.slack()) && base(seen) == State.COLLAPSING
          ? State.CONVERGED
          : base(seen);
    }
    if (regressing(seen, trend)) {
      return State.REGRESSING;
    }
    if (trend.flat(settings.slack())) {
      return State.STALLED;
    }
    return state == State.STALLED && !trend.falling(settings.slack()) ? state : base(seen);
  }

  /** Well above the best to become it; to stay it, a further rise will do. */
  private boolean regressing(Judgement seen, Trend trend) {
    Track track = seen.track();
    boolean far =
        track.best().isPresent()
            && track.level() > settings.regression() * track.best().getAsDouble();
    return trend.rising(settings.confidence()) && (far || seen.state() == State.REGRESSING);
  }

  /** Without a trend, what a trend has said before stands. */
  private State untold(Judgement seen) {
    return fromTrend(seen.state()) ? seen.state() : base(seen);
  }

  /** Leaning towards the verdict's state until it has been named often enough. */
  private Judgement weighed(Judgement seen, State verdict) {
    boolean early = seen.state() == State.WAITING || seen.state() == State.FITTING;
    if (verdict == seen.state() || (early && verdict == base(seen))) {
      return seen.leaning(Optional.empty());
    }
    Leaning leaning = Leaning.after(seen.leaning(), verdict);
    return seen.leaning(
        leaning.verdicts() < settings.hold() ? Optional.of(leaning) : Optional.empty());
  }

  private String reason(
      State state, Judgement judged, Optional<Trend> trend, WindowReport report, long samples) {
    return switch (state) {
      case CONVERGED -> Reasons.converged(judged);
      case STALLED -> Reasons.stalled(judged, report);
      case REGRESSING -> trend.isPresent() ? Reasons.regressing(judged, report) : judged.reason();
      case COLLAPSING ->
          trend.isPresent()
              ? Reasons.collapsing(judged, trend.get().slope().high() < 0)
              : Reasons.accuracy(judged, report, samples);
      default -> Reasons.accuracy(judged, report, samples);
    };
  }

  private static boolean fromTrend(State state) {
    return state == State.CONVERGED || state == State.STALLED || state == State.REGRESSING;
  }

  /** The state that needs no trend. */
  private static State base(Judgement seen) {
    return seen.terminalStep().isPresent() ? State.COLLAPSING : State.FITTING;
  }

  private static Judgement to(State state, String why, Judgement judged, WindowReport report) {
    return judged.in(judged.standing().to(state, why, report));
  }
}
