package io.collapsewatch.protocol;

/** The names of the Kafka topics; the number at the end is the version of what is in them. */
public final class Topics {

  /** Captures as safetensors; the key is the run's id. */
  public static final String CAPTURE = "collapsewatch.capture.v1";

  /** {@link WindowReport} as JSON; the key is the run's id. */
  public static final String REPORTS = "collapsewatch.reports.v1";

  /** {@link RunStatus} as JSON, compacted to the latest of each run; the key is the run's id. */
  public static final String RUNS = "collapsewatch.runs.v1";

  /** {@link Alert} as JSON; the key is the run's id. */
  public static final String ALERTS = "collapsewatch.alerts.v1";

  /** {@link FittedCurve} as JSON, compacted to the latest of each run; the key is the run's id. */
  public static final String CURVES = "collapsewatch.curves.v1";

  /** Refused captures as they came; the headers say why. */
  public static final String DEAD_LETTERS = "collapsewatch.dead-letters.v1";

  private Topics() {}
}
