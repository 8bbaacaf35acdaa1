package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.NoiseFloor;
import io.collapsewatch.protocol.RunStatus.State;
import io.collapsewatch.protocol.Slope;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.WindowReport.Kind;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The sentences that say why a run is in its state. */
final class Reasons {

  /** How far NC1 may be from its level and still be said to stand there. */
  private static final double STANDS_WITHIN = 1.25;

  private Reasons() {}

  static String tooFew(WindowReport report, long samples, long needed) {
    return "the %s holds %d samples; %d are needed for a judgement"
        .formatted(report.kind() == Kind.ROLLING ? "window" : "pass", samples, needed);
  }

  /** Why a run is where its accuracy puts it: what there is to say before there is a trend. */
  static String accuracy(Judgement judgement, WindowReport report, long samples) {
    OptionalDouble accuracy = report.metrics().get(MetricKey.ACCURACY);
    String share = accuracy.isEmpty() ? null : share(accuracy.getAsDouble(), samples);
    if (judgement.terminalStep().isEmpty()) {
      return share == null
          ? "whether it fits is not known: neither logits nor a classifier came"
          : share;
    }
    long began = judgement.terminalStep().getAsLong();
    if (share == null || began < report.stepLast()) {
      return (share == null ? "" : share + "; ") + "the terminal phase began at step " + began;
    }
    return share + ": the terminal phase";
  }

  private static String share(double accuracy, long samples) {
    return accuracy == 1
        ? "all %d samples are classified correctly".formatted(samples)
        : String.format(
            Locale.ROOT, "%.4g of the %d samples are classified correctly", accuracy, samples);
  }

  /** In its terminal phase with a trend that is neither flat for long nor rising. */
  static String collapsing(Judgement judgement, boolean falling) {
    Slope slope = judgement.trend().orElseThrow();
    return falling
        ? "%s, and falls like step^%s".formatted(level(judgement), Figures.of(slope.value()))
        : "%s; that it falls is not certain: its slope over ln step lies between %s and %s"
            .formatted(level(judgement), Figures.of(slope.low()), Figures.of(slope.high()));
  }

  static String converged(Judgement judgement) {
    Track track = judgement.track();
    double floor = judgement.floor().orElseThrow().nc1();
    if (track.level() > floor) {
      return "NC1 is %s, a little %s, where it had converged"
          .formatted(Figures.of(track.level()), besideFloor(judgement));
    }
    Observation first = track.since(nc1 -> nc1 <= floor);
    return "NC1 is %s and has been %s for %s"
        .formatted(Figures.of(track.level()), besideFloor(judgement), time(track, first));
  }

  static String stalled(Judgement judgement, WindowReport report) {
    String late =
        judgement.terminalStep().isPresent()
            ? ""
            : "; its terminal phase has not begun after %s"
                .formatted(Figures.of(judgement.track().seen(), "report"));
    return stands(judgement) + ", " + besideFloor(judgement) + late + culprits(report);
  }

  static String regressing(Judgement judgement, WindowReport report) {
    Track track = judgement.track();
    return "NC1 has risen to %s, %s times its best of %s, and rises like step^%s, %s%s"
        .formatted(
            Figures.of(track.level()),
            Figures.of(track.level() / track.best().orElse(track.level())),
            Figures.of(track.best().orElse(track.level())),
            Figures.of(judgement.trend().orElseThrow().value()),
            besideFloor(judgement),
            culprits(report));
  }

  private static String level(Judgement judgement) {
    return "NC1 is %s, %s".formatted(Figures.of(judgement.track().level()), besideFloor(judgement));
  }

  private static String stands(Judgement judgement) {
    Track track = judgement.track();
    double level = track.level();
    Observation first =
        track.since(nc1 -> nc1 <= level * STANDS_WITHIN && nc1 * STANDS_WITHIN >= level);
    return first.step() == track.newest().step()
        ? "NC1 stands at " + Figures.of(level)
        : "NC1 has stood at %s for %s".formatted(Figures.of(level), time(track, first));
  }

  private static String time(Track track, Observation first) {
    Observation newest = track.newest();
    return first.epoch().isPresent() && newest.epoch().isPresent()
        ? Figures.of(newest.epoch().getAsDouble() - first.epoch().getAsDouble(), "epoch")
        : Figures.of((double) (newest.step() - first.step()), "step");
  }

  private static String besideFloor(Judgement judgement) {
    NoiseFloor floor = judgement.floor().orElseThrow();
    String side = judgement.track().level() <= floor.nc1() ? "below" : "above";
    String number = Figures.of(floor.nc1());
    return side
        + switch (floor.source()) {
          case SETTING -> " the floor of " + number;
          case MODEL -> " the floor of %s that its reference model sets".formatted(number);
          case PRECISION -> " the floor of %s that the features' precision sets".formatted(number);
        };
  }

  /** The classes that hold the run back. */
  private static String culprits(WindowReport report) {
    String pair =
        report
            .worstPair()
            .map(it -> "classes %d and %d are the closest pair".formatted(it.first(), it.second()))
            .orElse("");
    String most =
        report.classVariability().entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(it -> "class %d varies most".formatted(it.getKey()))
            .orElse("");
    String both = pair + (pair.isEmpty() || most.isEmpty() ? "" : ", ") + most;
    return both.isEmpty() ? "" : "; " + both;
  }

  static String begunAnew() {
    return "rolling windows have begun to come; the trend begins anew with them";
  }

  static String silent(long silentMs, OptionalDouble promisedSeconds) {
    String silence = "nothing has come for " + Figures.duration(silentMs / 1000.0);
    return promisedSeconds.isPresent()
        ? "%s; the run promised a message every %s"
            .formatted(silence, Figures.duration(promisedSeconds.getAsDouble()))
        : silence;
  }

  /** What the run was judged is worth nothing where it was only waited for. */
  static String ended(Standing judged, long step, int ranks) {
    String who = ranks == 1 ? "the run" : "the last of %d ranks".formatted(ranks);
    String end = "%s ended at step %d".formatted(who, step);
    return judged.state() == State.WAITING
        ? end
        : "%s; it %s: %s".formatted(end, had(judged.state()), judged.reason());
  }

  private static String had(State state) {
    return switch (state) {
      case FITTING -> "was fitting";
      case COLLAPSING -> "was collapsing";
      case CONVERGED -> "had converged";
      case STALLED -> "had stalled";
      case REGRESSING -> "was regressing";
      case WAITING, SILENT, ENDED -> "was not judged";
    };
  }
}
