package io.collapsewatch.analyzer.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.NoiseFloor;
import io.collapsewatch.protocol.RunStatus.State;
import io.collapsewatch.protocol.WindowReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class RunJudgeTest {

  private static final double ROUNDING = 1e-9;

  private final RunJudge judge = new RunJudge(JudgeSettings.DEFAULT);

  @Test
  void waitsForTenSamplesOfEachClass() {
    Judgement judgement = after(Judgement.UNKNOWN, Reports.rolling(100, 0.4).samples(99));

    assertThat(judgement.state()).isEqualTo(State.WAITING);
    assertThat(judgement.reason())
        .isEqualTo("the window holds 99 samples; 100 are needed for a judgement");
    assertThat(judgement.observations()).isEmpty();
  }

  @Test
  void aThinWindowLaterChangesNothing() {
    Judgement before = after(Judgement.UNKNOWN, Reports.rolling(100, 0.4));

    assertThat(after(before, Reports.rolling(200, 0.4).samples(99))).isEqualTo(before);
  }

  @Test
  void fitsUntilEverySampleIsClassifiedCorrectly() {
    Judgement judgement = after(Judgement.UNKNOWN, Reports.rolling(100, 0.4).accuracy(0.9375));

    assertThat(judgement.state()).isEqualTo(State.FITTING);
    assertThat(judgement.reason()).isEqualTo("0.9375 of the 640 samples are classified correctly");
    assertThat(judgement.terminalStep()).isEmpty();
  }

  @Test
  void saysWhereItDoesNotKnowWhetherTheRunFits() {
    Judgement judgement = after(Judgement.UNKNOWN, Reports.rolling(100, 0.4).accuracy(Double.NaN));

    assertThat(judgement.state()).isEqualTo(State.FITTING);
    assertThat(judgement.reason())
        .isEqualTo("whether it fits is not known: neither logits nor a classifier came");
  }

  @Test
  void theTerminalPhaseBeginsOnceAndDoesNotEnd() {
    Judgement fitting = after(Judgement.UNKNOWN, Reports.rolling(100, 0.4).accuracy(0.99));
    Judgement first = after(fitting, Reports.rolling(150, 0.4).epoch(1.5));
    Judgement wrong = after(first, Reports.rolling(250, 0.4).epoch(2.5).accuracy(0.9984));

    assertThat(first.state()).isEqualTo(State.COLLAPSING);
    assertThat(first.reason())
        .isEqualTo("all 640 samples are classified correctly: the terminal phase");
    assertThat(first.sinceMs()).isEqualTo(150_000);
    assertThat(wrong.state()).isEqualTo(State.COLLAPSING);
    assertThat(wrong.reason())
        .isEqualTo(
            "0.9984 of the 640 samples are classified correctly;"
                + " the terminal phase began at step 150");
    assertThat(wrong.sinceMs()).isEqualTo(150_000);
    assertThat(wrong.terminalStep()).hasValue(150);
    assertThat(wrong.terminalEpoch()).hasValue(1.5);
  }

  @Test
  void onlyThePenultimateLayerInTrainingIsJudged() {
    Judgement before = Judgement.UNKNOWN;

    assertThat(after(before, Reports.rolling(100, 0.4).of("validation", "penultimate")))
        .isSameAs(before);
    assertThat(after(before, Reports.rolling(100, 0.4).of("train", "block3"))).isSameAs(before);
  }

  @Test
  void onlyWindowsWithoutASharedSampleAreObserved() {
    Judgement judgement = Judgement.UNKNOWN;
    for (long step = 100; step <= 400; step += 25) {
      judgement = after(judgement, Reports.rolling(step, 0.4));
    }

    // each window begins 99 steps before its end
    assertThat(judgement.observations())
        .extracting(Observation::step)
        .containsExactly(100L, 200L, 300L, 400L);
  }

  @Test
  void aFallingRunCollapsesWithItsExponent() {
    Judgement judgement = run(Judgement.UNKNOWN, 1, 30, step -> 5 * Math.pow(step, -0.5)).last();

    assertThat(judgement.state()).isEqualTo(State.COLLAPSING);
    assertThat(judgement.trend().orElseThrow().value()).isCloseTo(-0.5, within(ROUNDING));
    // 5/√2800, the median of the last five
    assertThat(judgement.reason())
        .isEqualTo("NC1 is 0.094, below the floor of 0.1, and falls like step^−0.5");
  }

  @Test
  void aRunThatStandsAboveItsFloorStalls() {
    Story story = run(Judgement.UNKNOWN, 1, 20, step -> 0.47);

    assertThat(story.states()).containsExactly(State.COLLAPSING, State.STALLED);
    // from the first of 10 reports on, which with the hold of 2 is the 11th
    assertThat(story.last().sinceMs()).isEqualTo(1_100_000);
    assertThat(story.last().reason())
        .isEqualTo(
            "NC1 has stood at 0.47 for 19 epochs, above the floor of 0.1;"
                + " classes 3 and 8 are the closest pair, class 8 varies most");
  }

  @Test
  void withoutEpochsTheReasonCountsSteps() {
    Judgement judgement = Judgement.UNKNOWN;
    for (int i = 1; i <= 20; i++) {
      judgement = after(judgement, Reports.rolling(100L * i, 0.47));
    }

    assertThat(judgement.reason()).startsWith("NC1 has stood at 0.47 for 1900 steps, above");
  }

  @Test
  void aRunThatStandsBelowItsFloorHasConverged() {
    Story story = run(Judgement.UNKNOWN, 1, 20, step -> 0.08);

    assertThat(story.states()).containsExactly(State.COLLAPSING, State.CONVERGED);
    assertThat(story.last().reason())
        .isEqualTo("NC1 is 0.08 and has been below the floor of 0.1 for 19 epochs");
  }

  @Test
  void aConvergedRunThatFallsFurtherHasConverged() {
    Judgement converged = run(Judgement.UNKNOWN, 1, 20, step -> 0.08).last();

    assertThat(run(converged, 21, 60, step -> 0.08 * 2000 / step).states())
        .containsExactly(State.CONVERGED);
  }

  @Test
  void aConvergedRunALittleAboveItsFloorHasConverged() {
    Judgement converged = run(Judgement.UNKNOWN, 1, 20, step -> 0.08).last();
    Story story = run(converged, 21, 60, step -> 0.14);

    assertThat(story.states()).containsExactly(State.CONVERGED);
    assertThat(story.last().reason())
        .isEqualTo("NC1 is 0.14, a little above the floor of 0.1, where it had converged");
  }

  @Test
  void aSlowRiseIsAStandstill() {
    assertThat(run(Judgement.UNKNOWN, 1, 60, step -> 0.4 * Math.pow(step, 0.02)).states())
        .containsExactly(State.COLLAPSING, State.STALLED);
  }

  @Test
  void aLastingRiseFarAboveTheBestIsARegression() {
    Judgement best = run(Judgement.UNKNOWN, 1, 20, step -> 3.0 / Math.sqrt(step)).last();
    Story story = run(best, 21, 40, step -> 0.067 * Math.pow(step / 2000, 3));

    assertThat(story.states()).containsExactly(State.COLLAPSING, State.CONVERGED, State.REGRESSING);
    assertThat(story.last().reason())
        .matches(
            "NC1 has risen to 0\\.\\d+, \\d\\.\\d times its best of 0\\.0\\d+, and rises like"
                + " step\\^\\S+, above the floor of 0\\.1;"
                + " classes 3 and 8 are the closest pair, class 8 varies most");
  }

  @Test
  void aJumpAtAWarmRestartIsNoRegression() {
    Judgement before = run(Judgement.UNKNOWN, 1, 30, step -> 300 / step).last();

    assertThat(run(before, 31, 60, step -> 3 * 300 / step).states())
        .doesNotContain(State.REGRESSING);
  }

  @Test
  void aRegressionThatComesToStandIsAStall() {
    Judgement best = run(Judgement.UNKNOWN, 1, 20, step -> 3.0 / Math.sqrt(step)).last();
    Judgement risen = run(best, 21, 40, step -> 0.067 * Math.pow(step / 2000, 3)).last();

    assertThat(run(risen, 41, 90, step -> 0.54).states())
        .containsExactly(State.REGRESSING, State.STALLED);
  }

  @Test
  void aStepDownEndsAStall() {
    Judgement stalled = run(Judgement.UNKNOWN, 1, 20, step -> 0.47).last();
    Story story = run(stalled, 21, 60, step -> 0.2);

    // the learning rate was cut: progress, and then it stands again
    assertThat(story.states()).containsExactly(State.STALLED, State.COLLAPSING, State.STALLED);
  }

  @Test
  void oneVerdictDoesNotChangeAState() {
    Judgement stalled = run(Judgement.UNKNOWN, 1, 20, step -> 0.47).last();

    assertThat(run(stalled, 21, 21, step -> 0.01).states()).containsExactly(State.STALLED);
  }

  @Test
  void aRunThatNeverFitsStallsWhenPatienceIsOver() {
    Story story = new Story(Judgement.UNKNOWN);
    for (int i = 1; i <= 70; i++) {
      story.next(Reports.rolling(100L * i, 0.47).epoch(i).accuracy(0.9));
    }

    assertThat(story.states()).containsExactly(State.FITTING, State.STALLED);
    // 60 reports and the hold of 2
    assertThat(story.last().sinceMs()).isEqualTo(6_100_000);
    assertThat(story.last().reason())
        .isEqualTo(
            "NC1 has stood at 0.47 for 69 epochs, above the floor of 0.1;"
                + " its terminal phase has not begun after 70 reports;"
                + " classes 3 and 8 are the closest pair, class 8 varies most");
  }

  @Test
  void aRunOfSnapshotsAloneIsJudgedOnThem() {
    Story story = new Story(Judgement.UNKNOWN);
    for (int i = 1; i <= 20; i++) {
      story.next(Reports.snapshot(100L * i, 0.06).epoch(i));
    }

    assertThat(story.states()).containsExactly(State.COLLAPSING, State.STALLED);
    assertThat(story.last().reason())
        .startsWith("NC1 has stood at 0.06 for 19 epochs, above the floor of 0.05;");
  }

  @Test
  void theFirstRollingReportBeginsTheTrendAnew() {
    Story story = new Story(Judgement.UNKNOWN);
    for (int i = 1; i <= 20; i++) {
      story.next(Reports.snapshot(100L * i, 0.06));
    }
    Judgement thin = after(story.last(), Reports.rolling(2050, 0.3).samples(30));
    Judgement rolling = after(thin, Reports.rolling(2100, 0.3));
    Judgement snapshot = after(rolling, Reports.snapshot(2200, 0.06));

    assertThat(thin.state()).isEqualTo(State.COLLAPSING);
    assertThat(thin.reason())
        .isEqualTo("rolling windows have begun to come; the trend begins anew with them");
    assertThat(rolling.observations()).extracting(Observation::step).containsExactly(2100L);
    assertThat(rolling.terminalStep()).hasValue(100);
    assertThat(snapshot).isSameAs(rolling);
  }

  @Test
  void aReportWithoutNc1MovesNoTrend() {
    Judgement judgement = after(Judgement.UNKNOWN, Reports.rolling(100, Double.NaN));

    assertThat(judgement.state()).isEqualTo(State.COLLAPSING);
    assertThat(judgement.observations()).isEmpty();
  }

  @Test
  void anNc1OfZeroAtStepZeroIsJudged() {
    Judgement judgement = after(Judgement.UNKNOWN, Reports.rolling(0, 0));

    assertThat(run(judgement, 1, 20, step -> 0).last().state()).isEqualTo(State.CONVERGED);
  }

  @Test
  void theFloorIsTheHighestOfSettingModelAndPrecision() {
    Judgement set = after(Judgement.UNKNOWN, Reports.rolling(100, 0.4));
    Judgement fitted =
        after(set.withModel(Optional.of(new ModelFit(0.2, 0.05))), Reports.rolling(200, 0.4));
    WindowReport rounded = Reports.rolling(300, 0.4).report();
    rounded.metrics().set(MetricKey.NC1_PRECISION_FLOOR, 0.3);
    Judgement coarse = judge.after(fitted, rounded, Reports.CLASSES);

    assertThat(set.floor()).contains(new NoiseFloor(0.1, NoiseFloor.Source.SETTING));
    assertThat(fitted.floor()).contains(new NoiseFloor(0.2, NoiseFloor.Source.MODEL));
    assertThat(coarse.floor()).contains(new NoiseFloor(0.3, NoiseFloor.Source.PRECISION));
  }

  @Test
  void aCurveThatFitsBadlySetsNoFloor() {
    Judgement judgement =
        after(
            Judgement.UNKNOWN.withModel(Optional.of(new ModelFit(0.2, 0.11))),
            Reports.rolling(100, 0.4));

    assertThat(judgement.floor()).contains(new NoiseFloor(0.1, NoiseFloor.Source.SETTING));
  }

  @Test
  void theFloorOfTheModelIsNamed() {
    Judgement fitted = Judgement.UNKNOWN.withModel(Optional.of(new ModelFit(0.2, 0.05)));

    assertThat(run(fitted, 1, 20, step -> 0.47).last().reason())
        .startsWith(
            "NC1 has stood at 0.47 for 19 epochs, above the floor of 0.2 that its reference model"
                + " sets;");
  }

  @Test
  void anEndlessRunIsRememberedInBoundedSpace() {
    Judgement judgement = run(Judgement.UNKNOWN, 1, 3000, step -> 0.47).last();
    List<Observation> kept = judgement.observations();

    assertThat(kept).hasSizeBetween(100, Track.MOST);
    assertThat(kept.get(0).step()).isEqualTo(100);
    assertThat(kept.subList(kept.size() - 100, kept.size()))
        .extracting(Observation::step)
        .first()
        .isEqualTo(290_100L);
    assertThat(judgement.state()).isEqualTo(State.STALLED);
  }

  private Judgement after(Judgement before, Reports report) {
    return judge.after(before, report.report(), Reports.CLASSES);
  }

  /** Reports of 100 steps each, an epoch each, in which everything fits. */
  private Story run(Judgement before, int first, int last, DoubleUnaryOperator nc1) {
    Story story = new Story(before);
    for (int i = first; i <= last; i++) {
      story.next(Reports.rolling(100L * i, nc1.applyAsDouble(100.0 * i)).epoch(i));
    }
    return story;
  }

  /** What becomes of a run. */
  private final class Story {

    private final List<State> states = new ArrayList<>();
    private Judgement last;

    Story(Judgement before) {
      this.last = before;
    }

    void next(Reports report) {
      last = after(last, report);
      if (states.isEmpty() || states.get(states.size() - 1) != last.state()) {
        states.add(last.state());
      }
    }

    Judgement last() {
      return last;
    }

    List<State> states() {
      return states;
    }
  }
}
