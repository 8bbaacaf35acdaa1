package io.collapsewatch.analyzer.alert;

/**
 * By what a run is judged; {@code docs/ALERTS.md} says how each setting moves false stalls and
 * detections.
 *
 * @param terminalAccuracy accuracy over the window at which the terminal phase begins, &gt; 0, ≤ 1
 * @param samplesPerClass samples for each class, on average, that a judgement needs, ≥ 1
 * @param snapshotFloor NC1 of a snapshot that counts as collapsed, &gt; 0
 * @param rollingFloor the same of a rolling window, which reads about twice the snapshot
 * @param modelResidual in decades: a fitted curve that is further away sets no floor, ≥ 0
 * @param reports the fewest reports of a trend, ≥ 3
 * @param span how far a trend reaches back in ln step, &gt; 0: 0.44 is the last third of the run
 * @param scatter standard deviation of ln NC1 between reports up to which that span suffices; it
 *     grows in proportion beyond, &gt; 0
 * @param confidence half width of intervals in standard deviations, &gt; 0: 1.96 for 95 %
 * @param slack steepest fall of ln NC1 over ln step that still counts as flat, &gt; 0
 * @param hold how many verdicts in a row change the state, ≥ 1
 * @param regression factor over the run's best NC1 from which a rise is a regression, &gt; 1
 * @param patience reports after which a run is judged though its terminal phase has not begun, ≥ 1
 */
public record JudgeSettings(
    double terminalAccuracy,
    int samplesPerClass,
    double snapshotFloor,
    double rollingFloor,
    double modelResidual,
    int reports,
    double span,
    double scatter,
    double confidence,
    double slack,
    int hold,
    double regression,
    int patience) {

  /** Those that {@code docs/ALERTS.md} gives figures for. */
  public static final JudgeSettings DEFAULT =
      new JudgeSettings(1, 10, 0.05, 0.1, 0.1, 10, 0.44, 0.08, 1.96, 0.2, 2, 1.5, 60);

  /**
   * @throws IllegalArgumentException if a setting is outside its range, in one sentence
   */
  public JudgeSettings {
    require(
        terminalAccuracy > 0 && terminalAccuracy <= 1,
        "accuracy of the terminal phase",
        terminalAccuracy,
        "a number above 0 and at most 1");
    requireAtLeast(1, "number of samples for each class", samplesPerClass);
    requireAbove(0, "floor of a snapshot", snapshotFloor);
    requireAbove(0, "floor of a rolling window", rollingFloor);
    require(
        modelResidual >= 0 && Double.isFinite(modelResidual),
        "residual of the model",
        modelResidual,
        "a finite number of at least 0");
    requireAtLeast(3, "number of reports of a trend", reports);
    requireAbove(0, "span of a trend", span);
    requireAbove(0, "scatter of a trend", scatter);
    requireAbove(0, "confidence of a trend", confidence);
    requireAbove(0, "slack of a flat trend", slack);
    requireAtLeast(1, "hold of a state", hold);
    requireAbove(1, "factor of a regression", regression);
    requireAtLeast(1, "patience before the terminal phase", patience);
  }

  /** The same with other floors. */
  public JudgeSettings withFloors(double ofSnapshots, double ofWindows) {
    return new JudgeSettings(
        terminalAccuracy,
        samplesPerClass,
        ofSnapshots,
        ofWindows,
        modelResidual,
        reports,
        span,
        scatter,
        confidence,
        slack,
        hold,
        regression,
        patience);
  }

  /** The same with another patience. */
  public JudgeSettings withPatience(int newPatience) {
    return new JudgeSettings(
        terminalAccuracy,
        samplesPerClass,
        snapshotFloor,
        rollingFloor,
        modelResidual,
        reports,
        span,
        scatter,
        confidence,
        slack,
        hold,
        regression,
        newPatience);
  }

  private static void requireAtLeast(int least, String name, int read) {
    require(read >= least, name, read, "at least " + least);
  }

  private static void requireAbove(int bound, String name, double read) {
    require(read > bound && Double.isFinite(read), name, read, "a finite number above " + bound);
  }

  private static void require(boolean met, String name, Object read, String expected) {
    if (!met) {
      throw new IllegalArgumentException(
          "the %s is %s; expected %s".formatted(name, read, expected));
    }
  }
}
