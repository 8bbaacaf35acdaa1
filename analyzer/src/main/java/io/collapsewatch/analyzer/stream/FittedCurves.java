package io.collapsewatch.analyzer.stream;

import io.collapsewatch.analyzer.alert.Judgement;
import io.collapsewatch.analyzer.alert.Observation;
import io.collapsewatch.analyzer.compare.CurveFitting;
import io.collapsewatch.analyzer.compare.FitPoint;
import io.collapsewatch.analyzer.compare.FitRequest;
import io.collapsewatch.analyzer.compare.Fitted;
import io.collapsewatch.analyzer.window.RunState;
import io.collapsewatch.protocol.WindowReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks for a model's way beside that of a run whenever there is more of it to fit to. */
final class FittedCurves implements AutoCloseable {

  private static final int FEWEST_POINTS = 5;

  private final CurveFitting fitting;

  /** When each run was first asked for since it began: what comes of an older question is late. */
  private final Map<String, Long> firstAsked = new HashMap<>();

  FittedCurves(CurveFitting fitting) {
    this.fitting = fitting;
  }

  /**
   * Asks, if the report added something to what a run is judged by; returns at once.
   *
   * @param before how the run stood before the report
   */
  void ask(Judgement before, Judgement after, WindowReport report, RunState run) {
    List<Observation> seen = after.observations();
    if (seen.size() < FEWEST_POINTS
        || seen.equals(before.observations())
        || report.comparison().isEmpty()) {
      return;
    }
    firstAsked.putIfAbsent(report.run(), report.timestampMs());
    fitting.request(
        new FitRequest(
            report.run(),
            report.attempt(),
            report.comparison().get(),
            run.shape().classesAtLeast(),
            report.dim(),
            seen.stream().map(each -> new FitPoint(each.step(), each.metrics())).toList(),
            after.terminalStep(),
            report.timestampMs()));
  }

  /** What has been fitted since the last call, to runs that go on as they were. */
  List<Fitted> fitted() {
    return fitting.poll().stream().filter(this::wanted).toList();
  }

  private boolean wanted(Fitted fitted) {
    Long first = firstAsked.get(fitted.curve().run());
    return first != null && fitted.curve().timestampMs() >= first;
  }

  /** A run is gone, or begins again. */
  void forget(String run) {
    firstAsked.remove(run);
  }

  @Override
  public void close() {
    fitting.close();
  }
}
