package io.collapsewatch.analyzer.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReportScheduleTest {

  private static final OptionalLong NOT_ASKED = OptionalLong.empty();

  private final ReportSchedule first = ReportSchedule.startingAt(100, 50_000);

  @Test
  void theFirstBatchMakesAReportDue() {
    assertThat(first.due(100, NOT_ASKED)).isTrue();
  }

  @Test
  void nothingIsDueBeforeTheIntervalIsSettled() {
    ReportSchedule schedule = first.reportedAt(100).after(180, 50_999);

    assertThat(schedule.due(180, NOT_ASKED)).isFalse();
  }

  @Test
  void theIntervalIsTheStepsOfOneSecond() {
    // 300 steps in 1.5 s
    ReportSchedule schedule = first.reportedAt(100).after(400, 51_500);

    assertThat(schedule.settledSteps()).hasValue(200);
    assertThat(schedule.reportedAt(400).due(599, NOT_ASKED)).isFalse();
    assertThat(schedule.reportedAt(400).due(600, NOT_ASKED)).isTrue();
  }

  @Test
  void theIntervalIsKeptOnceSettled() {
    ReportSchedule schedule = first.after(400, 51_500).after(10_000, 60_000);

    assertThat(schedule.settledSteps()).hasValue(200);
  }

  @Test
  void aSlowRunReportsEveryStep() {
    assertThat(first.after(101, 110_000).settledSteps()).hasValue(1);
  }

  @Test
  void theIntervalWaitsForASecondStep() {
    assertThat(first.after(100, 60_000).settledSteps()).isEmpty();
  }

  @Test
  void whatTheRunAsksForOverridesTheClock() {
    ReportSchedule schedule = first.reportedAt(100);

    assertThat(schedule.due(106, OptionalLong.of(7))).isFalse();
    assertThat(schedule.due(107, OptionalLong.of(7))).isTrue();
  }
}
