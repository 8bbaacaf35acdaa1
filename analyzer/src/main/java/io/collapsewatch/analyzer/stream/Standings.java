package io.collapsewatch.analyzer.stream;

import io.collapsewatch.analyzer.alert.Alerts;
import io.collapsewatch.analyzer.alert.Judgement;
import io.collapsewatch.analyzer.alert.RunJudge;
import io.collapsewatch.analyzer.window.RunState;
import io.collapsewatch.protocol.WindowReport;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * How the runs of a partition stand. What is kept here is all that judging needs, so that after a
 * restart nothing is told a second time.
 */
final class Standings {

  private final KeyValueStore<String, Judgement> judgements;
  private final Map<String, Judgement> known = new HashMap<>();
  private final RunJudge judge;
  private final Outlets outlets;
  private final LongSupplier nowMs;

  /**
   * @param nowMs the clock
   */
  Standings(
      KeyValueStore<String, Judgement> judgements,
      RunJudge judge,
      Outlets outlets,
      LongSupplier nowMs) {
    this.nowMs = nowMs;
    this.judgements = judgements;
    this.judge = judge;
    this.outlets = outlets;
  }

  /** How a run stands; asked for with every capture, so that it is read from the store once. */
  Judgement of(String id) {
    return known.computeIfAbsent(
        id, run -> Objects.requireNonNullElse(judgements.get(run), Judgement.UNKNOWN));
  }

  /** How a run stands after a report. */
  Judgement judged(Judgement before, WindowReport report, RunState run) {
    return judge.after(before, report, run.shape().classesAtLeast());
  }

  /**
   * A run that stands differently: kept, raised or resolved as an alert, and told to readers.
   *
   * @param run what is known of it now
   * @param more whether readers should hear of it even if it stands as before
   * @param timestampMs when it came to stand so
   */
  void change(
      String id, RunState run, Judgement before, Judgement after, boolean more, long timestampMs) {
    if (!after.equals(before)) {
      known.put(id, after);
      judgements.put(id, after);
      raise(id, run, before, after, timestampMs);
    }
    if (more || tellsMore(before, after)) {
      outlets.status(run.status(id, after));
    }
  }

  /** The trend alone, which moves with every report, is no news. */
  private static boolean tellsMore(Judgement before, Judgement after) {
    return before.state() != after.state()
        || !before.reason().equals(after.reason())
        || !before.terminalStep().equals(after.terminalStep())
        || !before.floor().equals(after.floor());
  }

  private void raise(String id, RunState run, Judgement before, Judgement after, long timestampMs) {
    Alerts.between(
            id,
            run.attempt(),
            before,
            after,
            run.newestStep(),
            run.epoch(),
            timestampMs,
            nowMs.getAsLong())
        .forEach(outlets::alert);
  }

  /** A run is gone, or begins again: what it was before is over. */
  void forget(String id, RunState run, long timestampMs) {
    raise(id, run, of(id), Judgement.UNKNOWN, timestampMs);
    known.remove(id);
    judgements.delete(id);
  }
}
