package io.collapsewatch.dashboard.board;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;

import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How all runs stand. Any thread may read; one at a time changes it, in two steps, so that what is
 * shown is what was written down: {@link #after} says what would be, {@link #set} makes it so.
 */
public final class Board {

  private static final Comparator<WatchedRun> NEWEST_FIRST =
      comparingLong(WatchedRun::lastMs).reversed().thenComparing(comparing(WatchedRun::id));

  private final Map<String, WatchedRun> runs = new ConcurrentHashMap<>();
  private final List<BoardListener> listeners = new CopyOnWriteArrayList<>();

  /** From now on {@code listener} is told. */
  public void listen(BoardListener listener) {
    listeners.add(listener);
  }

  /** The runs that nobody hid, that with the newest news first. */
  public List<WatchedRun> runs() {
    return runs.values().stream().filter(run -> !run.hidden()).sorted(NEWEST_FIRST).toList();
  }

  /** The run of that id, unless it is unknown or hidden. */
  public Optional<WatchedRun> run(String id) {
    return Optional.ofNullable(runs.get(id)).filter(run -> !run.hidden());
  }

  /** The runs that these are about as they will stand after them; nothing changes yet. */
  public Collection<WatchedRun> after(News news) {
    Map<String, WatchedRun> changed = new LinkedHashMap<>();
    for (RunStatus status : news.statuses()) {
      WatchedRun before = now(changed, status.run(), status.attempt(), status.timestampMs());
      changed.put(status.run(), before.with(status));
    }
    for (WindowReport report : news.reports()) {
      WatchedRun before = now(changed, report.run(), report.attempt(), report.timestampMs());
      changed.put(report.run(), before.with(report));
    }
    for (Alert alert : news.alerts()) {
      WatchedRun before = now(changed, alert.run(), alert.attempt(), alert.timestampMs());
      changed.put(alert.run(), before.with(alert));
    }
    for (FittedCurve curve : news.curves()) {
      WatchedRun before = now(changed, curve.run(), curve.attempt(), curve.timestampMs());
      changed.put(curve.run(), before.with(curve));
    }
    return changed.values();
  }

  private WatchedRun now(
      Map<String, WatchedRun> changed, String run, int attempt, long timestampMs) {
    WatchedRun now = changed.getOrDefault(run, runs.get(run));
    return now == null ? WatchedRun.unheard(run, attempt, timestampMs) : now;
  }

  /**
   * The runs stand so from now on.
   *
   * @param news that brought them there, for the listeners
   */
  public void set(Collection<WatchedRun> changed, News news) {
    changed.forEach(run -> runs.put(run.id(), run));
    List<WatchedRun> seen = changed.stream().filter(run -> !run.hidden()).toList();
    News shown = news.about(run -> run(run).isPresent());
    listeners.forEach(listener -> listener.changed(seen, shown));
  }

  /** The run as it will stand when it is hidden, if it is on the board; nothing changes yet. */
  public Optional<WatchedRun> afterHiding(String id) {
    return run(id).map(WatchedRun::hiddenNow);
  }

  /** The run is hidden from now on. */
  public void hide(WatchedRun hidden) {
    runs.put(hidden.id(), hidden);
    listeners.forEach(listener -> listener.gone(hidden.id()));
  }

  /** The run was forgotten by the history. */
  public void forget(String id) {
    WatchedRun forgotten = runs.remove(id);
    if (forgotten != null && !forgotten.hidden()) {
      listeners.forEach(listener -> listener.gone(id));
    }
  }
}
