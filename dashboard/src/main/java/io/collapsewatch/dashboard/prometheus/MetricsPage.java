package io.collapsewatch.dashboard.prometheus;

import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.board.WatchedRun;
import io.collapsewatch.protocol.RunStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * In Prometheus' text format, computed when asked for: a gauge {@code collapsewatch_KEY} for each
 * {@link io.collapsewatch.protocol.MetricKey} with the newest value of each window of each run that
 * goes on, and what the dashboard counts of itself and of its process. A run that has ended or was
 * hidden is not in it any more. Of too many runs those with the newest news are, and how many are
 * not is said.
 */
public final class MetricsPage {

  /** The most runs in it. */
  public static final int MOST_RUNS = 200;

  static final String PREFIX = "collapsewatch.";

  private final Board board;
  private final Counts counts;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure();
  private final List<RunsGauge> gauges = RunsGauge.all(registry);
  private int leftOut;

  /** What the dashboard counts of itself since its start. */
  public interface Counts {
    /** Reports taken. */
    long reports();

    /** Records that were no reports, statuses, alerts or curves. */
    long skipped();

    /** Events written to pages. */
    long events();

    /** Pages that listen to events now. */
    long clients();
  }

  public MetricsPage(Board board, Counts counts) {
    this.board = board;
    this.counts = counts;
    addCounts();
    addProcess();
  }

  /** The page as it is now, UTF-8. One at a time: the gauges are brought up to date for it. */
  public synchronized byte[] get() {
    List<WatchedRun> going = board.runs().stream().filter(MetricsPage::goesOn).toList();
    List<WatchedRun> shown = going.stream().limit(MOST_RUNS).toList();
    leftOut = going.size() - shown.size();
    gauges.forEach(gauge -> gauge.show(shown));
    return registry.scrape().getBytes(StandardCharsets.UTF_8);
  }

  private static boolean goesOn(WatchedRun run) {
    return run.state().filter(RunStatus.State.ENDED::equals).isEmpty();
  }

  private void addCounts() {
    number(
        "runs.left.out",
        "Runs that go on and are not exported, as there are too many",
        page -> page.leftOut);
    counter("reports.received", "Reports taken", page -> page.counts.reports());
    counter(
        "records.skipped",
        "Records that were no reports, statuses of runs, alerts or fitted curves",
        page -> page.counts.skipped());
    counter("events.sent", "Events written to pages", page -> page.counts.events());
    number("event.clients", "Pages that listen to events", page -> page.counts.clients());
  }

  /** Meters hold what they read weakly: this page outlives them. */
  private void number(String name, String help, ToDoubleFunction<MetricsPage> value) {
    Gauge.builder(PREFIX + name, this, value).description(help).register(registry);
  }

  private void counter(String name, String help, ToDoubleFunction<MetricsPage> value) {
    FunctionCounter.builder(PREFIX + name, this, value).description(help).register(registry);
  }

  /** Not those of the processor: promtool refuses the names that they have. */
  private void addProcess() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }
}
