package io.collapsewatch.analyzer.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.collapsewatch.protocol.Alert;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AlertsTest {

  private static final OptionalDouble NO_PROMISE = OptionalDouble.empty();

  private final Judgement collapsing = JudgementTest.standing(10);
  private final Judgement stalled = JudgementTest.stalled();

  /** The 11th report brought it there. */
  private static final long STALLED_MS = 1_100_000;

  @Test
  void nothingFiresWhileARunStaysInItsState() {
    assertThat(between(collapsing, collapsing, 1)).isEmpty();
    assertThat(between(stalled, JudgementTest.standing(21), 1)).isEmpty();
  }

  @Test
  void enteringAStateFiresWithItsReason() {
    assertThat(between(collapsing, stalled, 2_000_000))
        .containsExactly(
            new Alert(
                Alert.VERSION,
                "run",
                3,
                Alert.State.STALLED,
                Alert.Status.FIRING,
                stalled.reason(),
                STALLED_MS,
                OptionalLong.empty(),
                1100,
                OptionalDouble.empty(),
                2_000_000));
  }

  @Test
  void theEndResolvesWithTheFirstAlertsIdentityAndStep() {
    Judgement ended = stalled.ended(2000, 1, 2_100_000);

    assertThat(between(stalled, ended, 2_100_000))
        .containsExactly(
            new Alert(
                Alert.VERSION,
                "run",
                3,
                Alert.State.STALLED,
                Alert.Status.RESOLVED,
                ended.reason(),
                STALLED_MS,
                OptionalLong.of(2_100_000),
                1100,
                OptionalDouble.empty(),
                2_100_000));
  }

  @Test
  void silenceOfAStalledRunLeavesItStalled() {
    Judgement silent = stalled.silent(2_000_000, 2_060_000, NO_PROMISE);

    List<Alert> quiet = between(stalled, silent, 2_060_000);
    List<Alert> heard = between(silent, silent.heard(2_070_000), 2_070_000);

    assertThat(quiet).extracting(Alert::state).containsExactly(Alert.State.SILENT);
    assertThat(quiet).extracting(Alert::firing).containsExactly(true);
    assertThat(heard).extracting(Alert::state).containsExactly(Alert.State.SILENT);
    assertThat(heard).extracting(Alert::firing).containsExactly(false);
    assertThat(heard.get(0).id()).isEqualTo(quiet.get(0).id());
    assertThat(heard.get(0).reason()).isEqualTo("messages come again");
  }

  @Test
  void aSilentStalledRunThatEndsResolvesBoth() {
    Judgement silent = stalled.silent(2_000_000, 2_060_000, NO_PROMISE);

    assertThat(between(silent, silent.ended(2000, 1, 2_100_000), 2_100_000))
        .extracting(Alert::state, Alert::firing)
        .containsExactly(tuple(Alert.State.STALLED, false), tuple(Alert.State.SILENT, false));
  }

  @Test
  void forgettingResolves() {
    List<Alert> alerts = between(stalled, Judgement.UNKNOWN, 2_100_000);

    assertThat(alerts).extracting(Alert::firing).containsExactly(false);
    assertThat(alerts.get(0).reason()).isEqualTo("the run began anew or was forgotten");
  }

  @Test
  void anAttemptThatBeginsWithItsFirstCaptureResolvesAsWell() {
    assertThat(between(stalled, Judgement.UNKNOWN.begun(2_100_000), 2_100_000))
        .extracting(Alert::firing)
        .containsExactly(false);
  }

  @Test
  void anAlertDoesNotEndBeforeItBegan() {
    Alert resolved = between(stalled, stalled.ended(2000, 1, 5), 5).get(0);

    assertThat(resolved.endsMs()).hasValue(STALLED_MS);
  }

  private static List<Alert> between(Judgement before, Judgement after, long timestampMs) {
    return Alerts.between(
        "run", 3, before, after, 2000, OptionalDouble.empty(), timestampMs, timestampMs);
  }
}
