package io.collapsewatch.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * K = 10 and d = 64 give S = 64, so 640 rows and 64 a report, worth a message from 16 on: computed
 * by hand from the definition.
 */
class SampleBudgetTest {

  private static final long SECOND = 1_000_000_000L;

  private final SampleBudget budget = new SampleBudget(0, 0);

  @Test
  void everythingIsWantedAsLongAsNothingIsKnown() {
    assertThat(budget.available(5000, 0, 0)).isEqualTo(5000);
  }

  @Test
  void theFirstWindowGoesOutWhole() {
    fit(OptionalLong.empty());
    assertThat(budget.available(1000, 0, 0)).isEqualTo(640);
    budget.spend(640);
    assertThat(budget.available(1000, 0, 0)).isZero();
  }

  @Test
  void aWindowIsRenewedInTenSeconds() {
    empty(OptionalLong.empty());
    assertThat(budget.available(1000, 0, SECOND)).isEqualTo(64);
    assertThat(budget.available(1000, 0, 5 * SECOND)).isEqualTo(320);
    assertThat(budget.available(1000, 0, 100 * SECOND)).isEqualTo(640);
  }

  @Test
  void aQuarterOfAReportIsWorthAMessageAndLessIsNot() {
    empty(OptionalLong.empty());
    assertThat(budget.available(32, 0, SECOND / 4 - 1)).isZero();
    assertThat(budget.available(32, 0, SECOND / 4)).isEqualTo(16);
  }

  @Test
  void aSmallBatchIsPublishedAsSoonAsAllOfItMayBe() {
    empty(OptionalLong.empty());
    assertThat(budget.available(8, 0, SECOND / 10)).isZero();
    assertThat(budget.available(8, 0, SECOND / 8)).isEqualTo(8);
  }

  @Test
  void stepsRefillItWhereTheRunReportsBySteps() {
    empty(OptionalLong.of(50));
    assertThat(budget.available(1000, 50, 60 * SECOND)).isEqualTo(64);
    assertThat(budget.available(1000, 150, 120 * SECOND)).isEqualTo(192);
    assertThat(budget.available(1000, 150, 600 * SECOND)).isEqualTo(192);
  }

  @Test
  void stepsThatRunAwayDoNotExceedTheBytesOfARun() {
    empty(OptionalLong.of(1));
    // 1 MiB/s over 256-byte rows is 4096 rows a second; a hundredth of it is 40.
    assertThat(budget.available(1000, 1_000_000, SECOND / 100)).isEqualTo(40);
  }

  @Test
  void wideRowsAreLimitedByTheirBytesAndTheSourcesShareThem() {
    budget.fit(100, 4096, 4 * 4096, 1, OptionalLong.empty());
    // The window of 4000 rows would be 62 MiB at once.
    assertThat(budget.available(1_000_000, 0, 0)).isEqualTo(64);
    budget.spend(64);
    // S = 40 would allow 400 rows a second; 1 MiB of rows of 16 KiB is 64.
    assertThat(budget.available(1000, 0, SECOND)).isEqualTo(64);
    budget.spend(64);
    budget.fit(100, 4096, 4 * 4096, 2, OptionalLong.empty());
    assertThat(budget.available(1000, 0, 2 * SECOND)).isEqualTo(32);
  }

  @Test
  void classesThatAppearLaterBringTheirRowsAlong() {
    empty(OptionalLong.empty());
    budget.fit(12, 64, 256, 1, OptionalLong.empty());
    assertThat(budget.available(1000, 0, 0)).isEqualTo(2 * 64);
  }

  @Test
  void theTrafficDoesNotGrowWithTheSpeedOfTheTrainingAsLongAsSamplesStayYoung() {
    int slow = rowsInAMinute(100);
    int fast = rowsInAMinute(10);
    // 640 at first and 64 a second; what is left over is less than what is worth a message.
    assertThat(slow).isCloseTo(640 + 60 * 64, within(16));
    assertThat(fast).isCloseTo(640 + 60 * 64, within(16));
  }

  @Test
  void aVeryFastRunRenewsItsWindowInHalfTheAgeOfASample() {
    // 640 rows in 1000 steps, which take a second.
    assertThat(rowsInAMinute(1)).isCloseTo(640 + 60 * 640, within(32));
  }

  @Test
  void theRowsAreSpreadOverTheBatch() {
    assertThat(SampleBudget.spread(3, 10)).containsExactly(0, 3, 6);
    assertThat(SampleBudget.spread(4, 4)).containsExactly(0, 1, 2, 3);
  }

  private static int rowsInAMinute(int millisPerStep) {
    SampleBudget budget = new SampleBudget(0, 0);
    budget.fit(10, 64, 256, 1, OptionalLong.empty());
    int rows = 0;
    for (int ms = 0; ms <= 60_000; ms += millisPerStep) {
      int taken = budget.available(32, ms / millisPerStep, ms * 1_000_000L);
      budget.spend(taken);
      rows += taken;
    }
    return rows;
  }

  private void fit(OptionalLong reportEverySteps) {
    budget.fit(10, 64, 256, 1, reportEverySteps);
  }

  private void empty(OptionalLong reportEverySteps) {
    fit(reportEverySteps);
    budget.spend(budget.available(640, 0, 0));
  }
}
