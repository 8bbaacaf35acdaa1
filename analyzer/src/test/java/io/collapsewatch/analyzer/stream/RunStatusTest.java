package io.collapsewatch.analyzer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.analyzer.Captures;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.RunStatus.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunStatusTest extends TopologyTest {

  private static final int K = 4;
  private static final int D = 6;

  @Test
  void aRunThatBeginsIsWaiting() {
    topology.send(
        new RunStarted(
            CaptureHeader.of("run", 0),
            RunSettings.builder().classes(K).tags(Map.of("who", "me")).build()));

    RunStatus status = only(topology.statuses());
    assertThat(status.state()).isEqualTo(State.WAITING);
    assertThat(status.reason()).isEqualTo("no samples yet");
    assertThat(status.startedMs()).isEqualTo(topology.nowMs());
    assertThat(status.sinceMs()).isEqualTo(topology.nowMs());
    assertThat(status.classes()).hasValue(K);
    assertThat(status.settings().tags()).containsOnly(Map.entry("who", "me"));
  }

  @Test
  void aRunGoesThroughItsPhases() {
    long start = topology.nowMs();
    topology.send(
        new RunStarted(
            CaptureHeader.of("run", 0),
            RunSettings.builder().classes(K).reportEverySteps(1).build()));
    topology.send(batch(0, 8, -1.0));
    topology.pass(1000);
    topology.send(batch(1, 40, 1.0));
    topology.pass(1000);
    for (long step = 2; step < 10; step++) {
      topology.send(batch(step, 64, 2.0));
    }
    topology.send(new RunEnded(CaptureHeader.of("run", 10)));

    List<RunStatus> statuses = firstOfEachState(topology.statuses());
    assertThat(statuses)
        .extracting(RunStatus::state)
        .containsExactly(State.WAITING, State.FITTING, State.COLLAPSING, State.ENDED);
    assertThat(statuses)
        .extracting(RunStatus::sinceMs)
        .containsExactly(start, start + 1000, start + 2000, start + 2000);
    // 8 samples with a negative margin, all predicted as class 0, and 40 with a positive one.
    assertThat(statuses.get(1).reason())
        .matches("0\\.\\d+ of the 48 samples are classified correctly");
    assertThat(statuses.get(2).reason())
        .matches("all \\d+ samples are classified correctly: the terminal phase");
    assertThat(statuses.get(3).reason())
        .startsWith("the run ended at step 10; it was collapsing: all 256 samples are classified");
  }

  private static List<RunStatus> firstOfEachState(List<RunStatus> statuses) {
    List<RunStatus> firsts = new ArrayList<>();
    for (RunStatus status : statuses) {
      if (firsts.isEmpty() || firsts.get(firsts.size() - 1).state() != status.state()) {
        firsts.add(status);
      }
    }
    return firsts;
  }

  @Test
  void aSecondAttemptIsTold() {
    topology.send(batch(0, 8, 1.0));
    topology.send(
        Captures.withMargins(
            Captures.batch(CaptureHeader.of("run", 0).withSender(1, 0, 1), 8, K, D), 1.0));

    assertThat(topology.statuses()).extracting(RunStatus::attempt).containsExactly(0, 1);
  }

  @Test
  void aRunThatBeginsAnewUnderItsAttemptIsTold() {
    RunStarted started =
        new RunStarted(CaptureHeader.of("run", 0), RunSettings.builder().classes(K).build());
    topology.send(started);
    topology.send(new RunEnded(CaptureHeader.of("run", 10)));
    topology.send(started);

    assertThat(topology.statuses())
        .extracting(RunStatus::state)
        .containsExactly(State.WAITING, State.ENDED, State.WAITING);
  }

  @Test
  void nothingIsToldWhereNothingHasChanged() {
    topology.send(batch(0, 8, 1.0));
    topology.statuses();
    topology.send(Captures.batch(CaptureHeader.of("run", 1), 1, 1, D));
    topology.send(batch(1, 8, 1.0));

    assertThat(topology.statuses()).isEmpty();
  }

  private static FeatureBatch batch(long step, int rows, double margin) {
    return Captures.withMargins(Captures.batch(CaptureHeader.of("run", step), rows, K, D), margin);
  }

  private static RunStatus only(List<RunStatus> statuses) {
    assertThat(statuses).hasSize(1);
    return statuses.get(0);
  }
}
