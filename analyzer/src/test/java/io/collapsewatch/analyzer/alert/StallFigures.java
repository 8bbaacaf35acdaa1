package io.collapsewatch.analyzer.alert;

import io.collapsewatch.analyzer.alert.SimulatedRuns.Noise;
import io.collapsewatch.protocol.RunStatus.State;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Prints the tables of {@code docs/ALERTS.md}: how the settings move false stalls and detections.
 */
final class StallFigures {

  private static final int RUNS = Integer.getInteger("runs", 500);
  private static final int SEED = 11;
  private static final Noise FIVE = Noise.normal(0.05);

  private StallFigures() {}

  public static void main(String[] arguments) {
    JudgeSettings d = JudgeSettings.DEFAULT;
    for (double sd : new double[] {0.02, 0.03, 0.05, 0.07, 0.1}) {
      row("noise %.0f %%".formatted(100 * sd), d, Noise.normal(sd));
    }
    row("noise uniform within ±10 %", d, Noise.uniform(0.1));
    for (double span : new double[] {0.2, 0.3, 0.4, 0.5, 0.6}) {
      row("span " + span, with(d, d.reports(), span, d.scatter(), d.slack(), d.hold()), FIVE);
    }
    for (double slack : new double[] {0.1, 0.15, 0.25, 0.3}) {
      row("slack " + slack, with(d, d.reports(), d.span(), d.scatter(), slack, d.hold()), FIVE);
    }
    for (int hold : new int[] {1, 3, 4}) {
      row("hold " + hold, with(d, d.reports(), d.span(), d.scatter(), d.slack(), hold), FIVE);
    }
    for (int least : new int[] {8, 12, 15}) {
      JudgeSettings s = with(d, least, d.span(), d.scatter(), d.slack(), d.hold());
      row("reports " + least, s, FIVE);
    }
    for (double scatter : new double[] {0.05, 1}) {
      JudgeSettings s = with(d, d.reports(), d.span(), scatter, d.slack(), d.hold());
      row("scatter " + scatter, s, FIVE);
      row("scatter " + scatter + ", noise 10 %", s, Noise.normal(0.1));
    }
  }

  private static JudgeSettings with(
      JudgeSettings d, int reports, double span, double scatter, double slack, int hold) {
    return new JudgeSettings(
        d.terminalAccuracy(),
        d.samplesPerClass(),
        d.snapshotFloor(),
        d.rollingFloor(),
        d.modelResidual(),
        reports,
        span,
        scatter,
        d.confidence(),
        slack,
        hold,
        d.regression(),
        d.patience());
  }

  private static void row(String name, JudgeSettings settings, Noise noise) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.1f | %s | %s |%n",
        name,
        falseStalls(settings, noise),
        detections(settings, noise, 8, 30),
        detections(settings, noise, 31, 60));
  }

  /** Of 200 healthy runs. */
  private static double falseStalls(JudgeSettings settings, Noise noise) {
    SimulatedRuns runs = new SimulatedRuns(SEED, noise);
    int stalled = 0;
    for (int i = 0; i < RUNS; i++) {
      List<State> states = runs.states(runs.healthy(0.4, 1.2, i % 3 == 0), settings);
      stalled += SimulatedRuns.stalled(states).isPresent() ? 1 : 0;
    }
    return 200.0 * stalled / RUNS;
  }

  /** Of 200 runs that come to stand, those found within 15 reports; and how long finding takes. */
  private static String detections(JudgeSettings settings, Noise noise, int first, int last) {
    SimulatedRuns runs = new SimulatedRuns(SEED + 1, noise);
    int within = 0;
    int early = 0;
    double[] took = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      int at = runs.between(first, last) - 1;
      OptionalInt found =
          SimulatedRuns.stalled(runs.states(runs.standing(0.4, 1.2, at, 2 * at + 30), settings));
      took[i] = found.isPresent() ? found.getAsInt() - at : Double.POSITIVE_INFINITY;
      within += took[i] >= 0 && took[i] <= 15 ? 1 : 0;
      early += took[i] < 0 ? 1 : 0;
    }
    Arrays.sort(took);
    return String.format(
        Locale.ROOT,
        "%.1f | %.1f | %.0f, %.0f",
        200.0 * within / RUNS,
        200.0 * early / RUNS,
        took[RUNS / 2],
        took[(int) (0.95 * RUNS)]);
  }
}
