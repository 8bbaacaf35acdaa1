package io.collapsewatch.analyzer.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.protocol.RunStatus.State;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/**
 * What {@code docs/ALERTS.md} promises, on made-up runs whose answer is known. The noise of ±10 %
 * of rolling reports is read as two standard deviations of 5 %.
 */
class StallSimulationTest {

  private static final int RUNS = 200;
  private static final SimulatedRuns.Noise NOISE = SimulatedRuns.Noise.normal(0.05);

  @Test
  void healthyRunsHardlyEverStall() {
    SimulatedRuns runs = new SimulatedRuns(1, NOISE);
    int stalled = 0;
    for (int i = 0; i < RUNS; i++) {
      double[] nc1 = runs.healthy(0.4, 1.2, i % 3 == 0);
      stalled += runs.states(nc1, JudgeSettings.DEFAULT).contains(State.STALLED) ? 1 : 0;
    }

    assertThat(stalled).isLessThanOrEqualTo(2);
  }

  @Test
  void runsAlongAReferenceModelDoNotStall() {
    SimulatedRuns runs = new SimulatedRuns(4, NOISE);
    double[] nc1 = SimulatedRuns.model(ModelKind.CE_UFM);
    int stalled = 0;
    for (int i = 0; i < RUNS; i++) {
      stalled += runs.states(nc1, JudgeSettings.DEFAULT).contains(State.STALLED) ? 1 : 0;
    }

    assertThat(stalled).isLessThanOrEqualTo(2);
  }

  /** It begins like step^−0.3, and is taken for a standstill now and then, but not for good. */
  @Test
  void aSlowStartIsForgotten() {
    SimulatedRuns runs = new SimulatedRuns(4, NOISE);
    double[] nc1 = SimulatedRuns.model(ModelKind.MSE_UFM);
    for (int i = 0; i < RUNS; i++) {
      List<State> states = runs.states(nc1, JudgeSettings.DEFAULT);

      assertThat(states.get(states.size() - 1)).isEqualTo(State.COLLAPSING);
    }
  }

  @Test
  void runsThatComeToStandStallWithinFifteenReports() {
    SimulatedRuns runs = new SimulatedRuns(2, NOISE);
    int found = 0;
    for (int i = 0; i < RUNS; i++) {
      int at = runs.between(7, 29);
      List<State> states = runs.states(runs.standing(0.4, 1.2, at, at + 16), JudgeSettings.DEFAULT);
      OptionalInt stalled = SimulatedRuns.stalled(states);
      found += stalled.isPresent() && stalled.getAsInt() >= at ? 1 : 0;
    }

    assertThat(found).isGreaterThanOrEqualTo(195);
  }

  @Test
  void noHealthyRunRegresses() {
    SimulatedRuns runs = new SimulatedRuns(3, NOISE);
    for (int i = 0; i < RUNS; i++) {
      double[] nc1 = runs.healthy(0.4, 1.2, i % 3 == 0);

      assertThat(runs.states(nc1, JudgeSettings.DEFAULT)).doesNotContain(State.REGRESSING);
    }
  }
}
