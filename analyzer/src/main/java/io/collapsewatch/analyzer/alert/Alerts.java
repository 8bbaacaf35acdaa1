package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.RunStatus.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The alerts of a step from one judgement to the next. A run that falls silent while it is stalled
 * or regressing stays so: both fire, and neither fires again when it is heard. The end of a run, a
 * new attempt and forgetting resolve all.
 */
public final class Alerts {

  private Alerts() {}

  /**
   * What resolves and what begins to fire, in this order; mostly nothing. At most one alert of a
   * state fires at a time.
   *
   * @param attempt of {@code before}
   * @param after {@link Judgement#UNKNOWN} where a new attempt begins or the run is forgotten
   * @param step where the run is; an alert of the trend says where it fired instead
   * @param timestampMs when the run came to stand so, ms since 1970
   * @param nowMs the clock: when the messages are made
   */
  public static List<Alert> between(
      String run,
      int attempt,
      Judgement before,
      Judgement after,
      long step,
      OptionalDouble epoch,
      long timestampMs,
      long nowMs) {
    List<Standing> fired = firing(before);
    List<Standing> firing = firing(after);
    List<Alert> alerts = new ArrayList<>();
    for (Standing left : fired) {
      if (firing.stream().noneMatch(it -> same(it, left))) {
        long ends = Math.max(timestampMs, left.sinceMs());
        alerts.add(
            alert(run, attempt, left, why(left, after), OptionalLong.of(ends), step, epoch, nowMs));
      }
    }
    for (Standing entered : firing) {
      if (fired.stream().noneMatch(it -> same(it, entered))) {
        OptionalLong open = OptionalLong.empty();
        alerts.add(alert(run, attempt, entered, entered.reason(), open, step, epoch, nowMs));
      }
    }
    return List.copyOf(alerts);
  }

  /** The standings of a judgement that somebody should look at. */
  private static List<Standing> firing(Judgement judgement) {
    List<Standing> firing = new ArrayList<>();
    if (judgement.state() == State.SILENT) {
      judgement.before().filter(it -> alerting(it).isPresent()).ifPresent(firing::add);
    }
    if (alerting(judgement.standing()).isPresent()) {
      firing.add(judgement.standing());
    }
    return firing;
  }

  private static Optional<Alert.State> alerting(Standing standing) {
    return switch (standing.state()) {
      case STALLED -> Optional.of(Alert.State.STALLED);
      case REGRESSING -> Optional.of(Alert.State.REGRESSING);
      case SILENT -> Optional.of(Alert.State.SILENT);
      default -> Optional.empty();
    };
  }

  private static boolean same(Standing one, Standing other) {
    return one.state() == other.state() && one.sinceMs() == other.sinceMs();
  }

  private static String why(Standing left, Judgement after) {
    if (Objects.equals(after, Judgement.UNKNOWN)) {
      return "the run began anew or was forgotten";
    }
    return left.state() == State.SILENT && after.state() != State.ENDED
        ? "messages come again"
        : after.reason();
  }

  private static Alert alert(
      String run,
      int attempt,
      Standing standing,
      String reason,
      OptionalLong ends,
      long step,
      OptionalDouble epoch,
      long nowMs) {
    return new Alert(
        Alert.VERSION,
        run,
        attempt,
        alerting(standing).orElseThrow(),
        ends.isPresent() ? Alert.Status.RESOLVED : Alert.Status.FIRING,
        reason,
        standing.sinceMs(),
        ends,
        standing.step().orElse(step),
        standing.step().isPresent() ? standing.epoch() : epoch,
        nowMs);
  }
}
