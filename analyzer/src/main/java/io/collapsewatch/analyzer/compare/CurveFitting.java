package io.collapsewatch.analyzer.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Simulates the models of runs and lays their curves over them, aside: a simulation takes seconds.
 * All of a process share one thread and the curves that were simulated. Safe for several threads.
 * Time and memory are bounded: see {@link CurveKey} for a simulation; {@value #MOST_RUNS} runs
 * wait, each with its newest request, and beyond that the one that has waited longest is let go.
 *
 * <p>No curve comes for a run without a model, with more than {@value CurveKey#MOST_CLASSES}
 * classes, with a model that ends at 0 (c ≥ 1), or with too few reports.
 */
public final class CurveFitting implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CurveFitting.class);
  private static final int MOST_RUNS = 1000;

  /** One for the process: more would take the cores from the stream threads, and the training. */
  private static final ThreadPoolExecutor THREAD = daemon();

  private static final CurveCache SHARED = new CurveCache(CurveKey::simulate);

  private final Function<Runnable, Runnable> start;
  private final CurveCache curves;
  private final Map<String, FitRequest> waiting = new LinkedHashMap<>();
  private final Map<String, Fitted> fitted = new LinkedHashMap<>();
  private Runnable stop = () -> {};
  private boolean working;
  private boolean closed;

  /** With the process's thread, which is there while there is work. */
  public CurveFitting() {
    this(CurveFitting::startOnThread, SHARED);
  }

  /**
   * @param start begins one piece of work at a time; what it returns interrupts it
   */
  CurveFitting(Function<Runnable, Runnable> start, CurveCache curves) {
    this.start = start;
    this.curves = curves;
  }

  private static Runnable startOnThread(Runnable work) {
    Future<?> started = THREAD.submit(work);
    return () -> started.cancel(true);
  }

  private static ThreadPoolExecutor daemon() {
    ThreadPoolExecutor thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread daemon = new Thread(work, "curve-fitting");
              daemon.setDaemon(true);
              return daemon;
            });
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }

  /**
   * Asks for the curve of a run, in place of an earlier request that still waits. Returns at once.
   */
  public void request(FitRequest request) {
    synchronized (this) {
      if (closed) {
        return;
      }
      putBounded(waiting, request.run(), request);
      if (working) {
        return;
      }
      working = true;
      stop = start.apply(this::work);
    }
  }

  /** The curves fitted since the last call, the newest of each run. */
  public synchronized List<Fitted> poll() {
    List<Fitted> all = new ArrayList<>(fitted.values());
    fitted.clear();
    return all;
  }

  private void work() {
    try {
      for (Optional<FitRequest> next = next(); next.isPresent(); next = next()) {
        keepFit(next.get());
      }
    } finally {
      rest();
    }
  }

  private void keepFit(FitRequest request) {
    try {
      fit(request).ifPresent(this::keep);
    } catch (CancellationException closing) {
      LOG.debug("the curve of run \"{}\" is not wanted any more", request.run());
    } catch (RuntimeException e) {
      LOG.warn("no curve is fitted to run \"{}\" this time", request.run(), e);
    }
  }

  /** Also where an error has ended the work: the next request begins it again. */
  private synchronized void rest() {
    working = false;
  }

  private synchronized Optional<FitRequest> next() {
    Optional<FitRequest> next = waiting.values().stream().findFirst();
    next.ifPresent(request -> waiting.remove(request.run()));
    working = next.isPresent();
    return next;
  }

  private Optional<Fitted> fit(FitRequest request) {
    return CurveKey.of(request.comparison(), request.classes(), request.dim())
        .flatMap(key -> CurveFit.of(request, curves.of(key)));
  }

  private synchronized void keep(Fitted result) {
    putBounded(fitted, result.curve().run(), result);
  }

  private static <V> void putBounded(Map<String, V> map, String run, V value) {
    map.put(run, value);
    if (map.size() > MOST_RUNS) {
      map.remove(map.keySet().iterator().next());
    }
  }

  /** Ends what is under way, within a second, and takes no more requests. */
  @Override
  public void close() {
    Runnable interrupt;
    synchronized (this) {
      closed = true;
      waiting.clear();
      interrupt = stop;
    }
    interrupt.run();
  }
}
