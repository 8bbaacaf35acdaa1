package io.collapsewatch.agent.capture;

import io.collapsewatch.protocol.WindowSize;
import java.util.OptionalLong;

/**
 * How many rows of the live batches of one (run, split, layer) are published: a bucket of K·S rows,
 * full at first, refilled with K·S rows in the time of 10 reports, or of half the age at which
 * samples leave the window if that is sooner. A report takes {@code report_every_steps} steps where
 * the run says so, else a second. So a rolling window is renewed before its samples are too old,
 * and the traffic depends on what the analyzer needs rather than on how much is trained. The bucket
 * holds no more, and is refilled no faster, than the run's share of 1 MiB of features a second.
 *
 * <p>S is {@link WindowSize#samplesPerClass}. Not thread-safe; time is a parameter.
 */
final class SampleBudget {

  private static final double BYTES_PER_SECOND = 1 << 20;
  private static final int REPORTS_TO_RENEW = 10;
  private static final double STEPS_TO_RENEW = WindowSize.MAX_AGE_STEPS / 2.0;
  private static final double NANOS_PER_SECOND = 1e9;

  private double tokens;
  private double capacity;
  private double rowsPerReport;
  private double rowsPerSecond;
  private OptionalLong reportEverySteps = OptionalLong.empty();
  private long refilledNanos;
  private long refilledStep;

  SampleBudget(long step, long nanos) {
    refilledStep = step;
    refilledNanos = nanos;
  }

  /**
   * Adapts to what is known of the run by now. Capacity that is new is full at first.
   *
   * @param classes K, or the highest label seen + 1
   * @param dim d
   * @param rowBytes bytes of the features of one row
   * @param shares how many such budgets share the run's bytes
   */
  void fit(int classes, int dim, int rowBytes, int shares, OptionalLong reportSteps) {
    double window = (double) classes * WindowSize.samplesPerClass(classes, dim);
    rowsPerReport = window / REPORTS_TO_RENEW;
    rowsPerSecond = BYTES_PER_SECOND / rowBytes / shares;
    double rows = Math.max(1, Math.min(window, rowsPerSecond));
    tokens = Math.min(rows, tokens + Math.max(0, rows - capacity));
    capacity = rows;
    reportEverySteps = reportSteps;
  }

  /**
   * How many of {@code rows} rows may be published now: 0, or enough to be worth a message; all of
   * them as long as nothing is known of the run.
   */
  int available(int rows, long step, long nanos) {
    if (capacity == 0) {
      return rows;
    }
    refill(step, nanos);
    return tokens >= Math.min(rows, worthMessage()) ? (int) Math.min(rows, tokens) : 0;
  }

  /** Spends what {@link #available} allowed. */
  void spend(int rows) {
    tokens -= rows;
  }

  /** A quarter of one report's refill; without it, every batch would send the one row it may. */
  private double worthMessage() {
    return Math.max(1, Math.min(rowsPerReport, rowsPerSecond) / 4);
  }

  private void refill(long step, long nanos) {
    double seconds = Math.max(0, nanos - refilledNanos) / NANOS_PER_SECOND;
    double reports =
        reportEverySteps.isPresent()
            ? Math.max(0, step - refilledStep) / (double) reportEverySteps.getAsLong()
            : seconds;
    double ages = Math.max(0, step - refilledStep) / STEPS_TO_RENEW;
    double wanted = Math.max(rowsPerReport * reports, rowsPerReport * REPORTS_TO_RENEW * ages);
    double rows = Math.min(wanted, rowsPerSecond * seconds);
    tokens = Math.min(capacity, tokens + rows);
    refilledNanos = nanos;
    refilledStep = Math.max(refilledStep, step);
  }

  /** {@code chosen} of the row numbers 0..rows−1, spread evenly, in order. */
  static int[] spread(int chosen, int rows) {
    int[] numbers = new int[chosen];
    for (int i = 0; i < chosen; i++) {
      numbers[i] = (int) ((long) i * rows / chosen);
    }
    return numbers;
  }
}
