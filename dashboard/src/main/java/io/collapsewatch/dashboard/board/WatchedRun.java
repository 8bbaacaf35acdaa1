package io.collapsewatch.dashboard.board;

import io.collapsewatch.dashboard.series.Spark;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How one run stands.
 *
 * @param id of the run
 * @param attempt the newest heard of
 * @param status the newest received, perhaps of an earlier attempt
 * @param windows the newest report of each window of this attempt
 * @param reports received, of all attempts
 * @param firstMs time of the first report or status
 * @param lastMs time of the newest report or status
 * @param rolling NC1 of {@link Window#ROLLING} in this attempt
 * @param snapshots NC1 of {@link Window#SNAPSHOT} in this attempt
 * @param hiddenAttempt the attempt at which somebody hid it: it stays so until a later one
 * @param alerts of this attempt
 */
public record WatchedRun(
    String id,
    int attempt,
    Optional<RunStatus> status,
    SortedMap<Window, Newest> windows,
    long reports,
    long firstMs,
    long lastMs,
    Spark rolling,
    Spark snapshots,
    OptionalInt hiddenAttempt,
    Alerts alerts) {

  public WatchedRun {
    windows = Collections.unmodifiableSortedMap(new TreeMap<>(windows));
  }

  /** A run that nothing is known of yet. */
  static WatchedRun unheard(String id, int attempt, long timestampMs) {
    return new WatchedRun(
        id,
        attempt,
        Optional.empty(),
        new TreeMap<>(),
        0,
        timestampMs,
        timestampMs,
        Spark.EMPTY,
        Spark.EMPTY,
        OptionalInt.empty(),
        Alerts.NONE);
  }

  /** The run after one more report; what is left of an earlier attempt is only counted. */
  WatchedRun with(WindowReport report) {
    WatchedRun now = at(report.attempt(), report.timestampMs());
    if (report.attempt() < attempt) {
      return now.counted();
    }
    TreeMap<Window, Newest> newest = new TreeMap<>(now.windows);
    newest.put(Window.of(report), Newest.of(report));
    return new WatchedRun(
            id,
            now.attempt,
            status,
            newest,
            now.reports,
            now.firstMs,
            now.lastMs,
            grown(now.rolling, Window.ROLLING, report),
            grown(now.snapshots, Window.SNAPSHOT, report),
            now.hiddenAttempt,
            now.alerts)
        .counted();
  }

  private static Spark grown(Spark spark, Window window, WindowReport report) {
    OptionalDouble nc1 = report.metrics().get(MetricKey.NC1);
    return window.equals(Window.of(report)) && nc1.isPresent()
        ? spark.plus(report.stepLast(), nc1.getAsDouble())
        : spark;
  }

  /** The run after one more status; one of an earlier attempt says nothing. */
  WatchedRun with(RunStatus newer) {
    WatchedRun now = at(newer.attempt(), newer.timestampMs());
    return newer.attempt() < attempt
        ? now
        : now.copy(Optional.of(newer), reports, now.hiddenAttempt, now.alerts);
  }

  /**
   * The run after one more alert; one of an earlier attempt says nothing. An alert is no news of
   * the training: that a run is silent does not make it heard of.
   */
  WatchedRun with(Alert alert) {
    WatchedRun now = at(alert.attempt(), lastMs);
    return alert.attempt() < attempt
        ? now
        : now.copy(status, reports, now.hiddenAttempt, now.alerts.plus(alert));
  }

  /**
   * The run after a curve was fitted to it: another attempt may begin with it. The curve itself,
   * which is long, is in the history alone.
   */
  WatchedRun with(FittedCurve curve) {
    return at(curve.attempt(), lastMs);
  }

  /** The run, hidden until its next attempt. */
  WatchedRun hiddenNow() {
    return copy(status, reports, OptionalInt.of(attempt), alerts);
  }

  private WatchedRun counted() {
    return copy(status, reports + 1, hiddenAttempt, alerts);
  }

  private WatchedRun copy(
      Optional<RunStatus> newStatus,
      long newReports,
      OptionalInt newHiddenAttempt,
      Alerts newAlerts) {
    return new WatchedRun(
        id,
        attempt,
        newStatus,
        windows,
        newReports,
        firstMs,
        lastMs,
        rolling,
        snapshots,
        newHiddenAttempt,
        newAlerts);
  }

  /** The run at that time; a higher attempt begins with nothing, and in sight. */
  private WatchedRun at(int newAttempt, long timestampMs) {
    boolean begins = newAttempt > attempt;
    return new WatchedRun(
        id,
        Math.max(attempt, newAttempt),
        status,
        begins ? new TreeMap<>() : windows,
        reports,
        Math.min(firstMs, timestampMs),
        Math.max(lastMs, timestampMs),
        begins ? Spark.EMPTY : rolling,
        begins ? Spark.EMPTY : snapshots,
        begins ? OptionalInt.empty() : hiddenAttempt,
        begins ? Alerts.NONE : alerts);
  }

  /** Whether somebody hid it. */
  public boolean hidden() {
    return hiddenAttempt.isPresent();
  }

  /** The state of this attempt, once a status of it has been seen. */
  public Optional<RunStatus.State> state() {
    return status.filter(s -> s.attempt() == attempt).map(RunStatus::state);
  }

  /** When it began: as its status says, else the time of the first thing heard of it. */
  public long startedMs() {
    return status.map(RunStatus::startedMs).orElse(firstMs);
  }

  /** The newest step of this attempt; 0 if none is known. */
  public long step() {
    return Math.max(
        ofThisAttempt().map(RunStatus::step).orElse(0L),
        windows.values().stream().mapToLong(Newest::step).max().orElse(0));
  }

  /** The newest epoch of this attempt. */
  public OptionalDouble epoch() {
    return Stream.concat(
            ofThisAttempt().map(RunStatus::epoch).stream(),
            windows.values().stream().map(Newest::epoch))
        .flatMapToDouble(OptionalDouble::stream)
        .max();
  }

  /** K. */
  public OptionalInt classes() {
    return Stream.concat(
            status.map(RunStatus::classes).stream(), windows.values().stream().map(Newest::classes))
        .flatMapToInt(OptionalInt::stream)
        .findFirst();
  }

  /** d of the penultimate layer, else of the first by name. */
  public OptionalInt dim() {
    Map<String, Integer> dims = new TreeMap<>(status.map(RunStatus::dims).orElse(Map.of()));
    windows.forEach((window, newest) -> dims.put(window.layer(), newest.dim()));
    Integer penultimate = dims.get(CaptureHeader.PENULTIMATE);
    return penultimate != null
        ? OptionalInt.of(penultimate)
        : dims.values().stream().mapToInt(Integer::intValue).findFirst();
  }

  /** NC1 of the newest report of {@link Window#ROLLING}, else of {@link Window#SNAPSHOT}. */
  public OptionalDouble nc1() {
    return Stream.of(Window.ROLLING, Window.SNAPSHOT)
        .flatMap(window -> Optional.ofNullable(windows.get(window)).stream())
        .map(newest -> newest.metrics().get(MetricKey.NC1))
        .flatMapToDouble(OptionalDouble::stream)
        .findFirst();
  }

  /** The curve of NC1: of the rolling window, or of the passes if it has none. */
  public Spark spark() {
    return rolling.points().isEmpty() ? snapshots : rolling;
  }

  private Optional<RunStatus> ofThisAttempt() {
    return status.filter(s -> s.attempt() == attempt);
  }
}
