package io.collapsewatch.analyzer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.analyzer.Captures;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.RunStatus.State;
import io.collapsewatch.protocol.WindowReport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run of which nothing comes. */
class SilenceTest extends TopologyTest {

  private static RunStarted promising(double seconds) {
    return new RunStarted(
        CaptureHeader.of("run", 3), RunSettings.builder().expectedIntervalSeconds(seconds).build());
  }

  @Test
  void raisesOneAlertWhenThePromisedIntervalIsOverAndResolvesItWhenSomethingComes() {
    topology.send(promising(30));
    topology.sleep(30_000);
    assertThat(topology.alerts()).isEmpty();

    topology.sleep(1_000);
    topology.sleep(60_000);

    List<Alert> fired = topology.alerts();
    assertThat(fired).hasSize(1);
    assertThat(fired.get(0).state()).isEqualTo(Alert.State.SILENT);
    assertThat(fired.get(0).firing()).isTrue();
    assertThat(fired.get(0).step()).isEqualTo(3);
    assertThat(fired.get(0).reason())
        .isEqualTo("nothing has come for 31 seconds; the run promised a message every 30 seconds");
    assertThat(last(topology.statuses()).state()).isEqualTo(State.SILENT);

    topology.send(Captures.batch(CaptureHeader.of("run", 4), 8, 2, 3));

    List<Alert> resolved = topology.alerts();
    assertThat(resolved).hasSize(1);
    assertThat(resolved.get(0).id()).isEqualTo(fired.get(0).id());
    assertThat(resolved.get(0).firing()).isFalse();
    assertThat(last(topology.statuses()).state()).isEqualTo(State.WAITING);
  }

  @Test
  void countsAfterTenMinutesWhereNothingIsPromised() {
    topology.send(Captures.batch(CaptureHeader.of("run", 0), 8, 2, 3));
    topology.sleep(600_000);
    assertThat(topology.alerts()).isEmpty();

    topology.sleep(1_000);

    assertThat(topology.alerts())
        .singleElement()
        .extracting(Alert::reason)
        .isEqualTo("nothing has come for 10 minutes");
  }

  /** What had come before is reported after ten minutes. */
  @Test
  void isNotOverBecauseTheRestIsReported() {
    topology.send(promising(30));
    topology.send(Captures.batch(CaptureHeader.of("run", 4), 8, 2, 3));
    topology.send(Captures.batch(CaptureHeader.of("run", 5), 8, 2, 3));
    topology.sleep(31_000);
    assertThat(topology.reports()).hasSize(1);
    assertThat(topology.alerts()).hasSize(1);

    topology.sleep(900_000);

    assertThat(topology.reports()).extracting(WindowReport::stepLast).containsExactly(5L);
    assertThat(topology.alerts()).isEmpty();
    assertThat(last(topology.statuses()).state()).isEqualTo(State.SILENT);
  }

  @Test
  void isNotWhatTheAnalyzerWasTooBusyToHear() {
    topology.send(promising(30));

    topology.beBusy(60_000);
    assertThat(topology.alerts()).isEmpty();

    topology.sleep(29_000);
    assertThat(topology.alerts()).hasSize(1);
  }

  /** Captures that waited for ten minutes are read: what else waits is not known yet. */
  @Test
  void doesNotCountWhileCapturesArePiledUp() {
    topology.send(promising(30));
    topology.sleep(20_000);
    topology.pass(-600_000);
    for (int second = 0; second < 60; second++) {
      topology.send(Captures.batch(CaptureHeader.of("another", second), 8, 2, 3));
      topology.sleep(1_000);
    }
    assertThat(topology.alerts()).isEmpty();

    topology.sleep(11_000);
    assertThat(topology.alerts()).extracting(Alert::run).containsExactly("run");
  }

  @Test
  void isNoWonderAfterTheEnd() {
    topology.send(promising(30));
    topology.send(new RunEnded(CaptureHeader.of("run", 4)));

    topology.sleep(3_600_000);

    assertThat(topology.alerts()).isEmpty();
    assertThat(last(topology.statuses()).state()).isEqualTo(State.ENDED);
  }

  @Test
  void isOverWhenTheRunBeginsAgainOrIsForgotten() {
    topology.send(promising(30));
    topology.sleep(31_000);
    topology.send(Captures.batch(CaptureHeader.of("run", 0).withSender(1, 0, 1), 8, 2, 3));
    topology.sleep(31_000);
    // Two days, a minute at a time: what is silent for a day is forgotten.
    topology.sleep(2 * 86_400_000L);

    assertThat(topology.alerts())
        .extracting(alert -> alert.attempt() + " " + alert.status())
        .containsExactly("0 FIRING", "0 RESOLVED", "1 FIRING", "1 RESOLVED");
  }

  private static RunStatus last(List<RunStatus> statuses) {
    return statuses.get(statuses.size() - 1);
  }
}
