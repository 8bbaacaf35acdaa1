package io.collapsewatch.analyzer.window;

import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunStatus.State;
import io.collapsewatch.protocol.WindowReport;
import java.util.Locale;

/**
 * How a run stands, judged on the rolling reports of split {@code train}, layer {@code
 * penultimate}. The terminal phase begins where the training error in the window is 0 over at least
 * {@value #SAMPLES_PER_CLASS} samples for each class (Papyan, Han and Donoho 2020; docs/THEORY.md
 * §2).
 *
 * @param state in one word
 * @param reason in one sentence with numbers
 * @param sinceMs timestamp of the capture that brought it there
 */
public record RunPhase(State state, String reason, long sinceMs) {

  /** Of a run of which nothing has been seen. */
  public static final RunPhase UNKNOWN = new RunPhase(State.WAITING, "no samples yet", 0);

  private static final int SAMPLES_PER_CLASS = 10;

  /** The phase after a capture, which may be the first one. */
  RunPhase begun(long timestampMs) {
    return sinceMs == 0 ? new RunPhase(state, reason, timestampMs) : this;
  }

  /**
   * The phase after a report.
   *
   * @param classes K, or as many as have been seen
   */
  public RunPhase after(WindowReport report, int classes) {
    if (report.kind() != WindowReport.Kind.ROLLING
        || !report.split().equals(CaptureHeader.TRAIN)
        || !report.layer().equals(CaptureHeader.PENULTIMATE)) {
      return this;
    }
    long samples = (long) report.metrics().get(MetricKey.SAMPLES).orElse(0);
    long needed = (long) SAMPLES_PER_CLASS * classes;
    if (samples < needed) {
      return to(
          State.WAITING,
          "the window holds %d samples; %d are needed for a judgement".formatted(samples, needed),
          report);
    }
    if (report.metrics().get(MetricKey.ACCURACY).isEmpty()) {
      return to(
          State.FITTING,
          "whether it fits is not known: neither logits nor a classifier came",
          report);
    }
    double accuracy = report.metrics().get(MetricKey.ACCURACY).getAsDouble();
    return accuracy < 1
        ? to(
            State.FITTING,
            String.format(
                Locale.ROOT, "%.4g of the %d samples are classified correctly", accuracy, samples),
            report)
        : to(
            State.COLLAPSING,
            "all %d samples are classified correctly: the terminal phase".formatted(samples),
            report);
  }

  private RunPhase to(State next, String why, WindowReport report) {
    return new RunPhase(next, why, next == state ? sinceMs : report.timestampMs());
  }

  /** The phase after the last rank has ended. */
  public RunPhase ended(long step, int ranks, long timestampMs) {
    String who = ranks == 1 ? "the run" : "the last of %d ranks".formatted(ranks);
    return new RunPhase(State.ENDED, "%s ended at step %d".formatted(who, step), timestampMs);
  }
}
