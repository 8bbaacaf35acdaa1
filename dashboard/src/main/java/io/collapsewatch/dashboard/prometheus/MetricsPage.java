package io.collapsewatch.dashboard.prometheus;

import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.board.Newest;
import io.collapsewatch.dashboard.board.WatchedRun;
import io.collapsewatch.dashboard.board.Window;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunStatus;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * In Prometheus' text format, computed when asked for: a gauge {@code collapsewatch_KEY} for each
 * {@link MetricKey} with the newest value of each window of each run that goes on, and what the
 * dashboard counts of itself. A run that has ended or was hidden is not in it any more. Of too many
 * runs those with the newest news are, and how many are not is said.
 */
public final class MetricsPage {

  /** The most runs in it. */
  public static final int MOST_RUNS = 200;

  private static final String PREFIX = "collapsewatch_";

  private final Board board;
  private final Counts counts;

  /** What the dashboard counts of itself since its start. */
  public interface Counts {
    /** Reports taken. */
    long reports();

    /** Records that were neither reports nor statuses. */
    long skipped();

    /** Events written to pages. */
    long events();

    /** Pages that listen to events now. */
    long clients();
  }

  public MetricsPage(Board board, Counts counts) {
    this.board = board;
    this.counts = counts;
  }

  /** The page as it is now, UTF-8. */
  public byte[] get() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(bytes, snapshots(), EscapingScheme.DEFAULT);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  private MetricSnapshots snapshots() {
    List<WatchedRun> going = board.runs().stream().filter(MetricsPage::goesOn).toList();
    List<WatchedRun> shown = going.stream().limit(MOST_RUNS).toList();
    MetricSnapshots.Builder page = MetricSnapshots.builder();
    for (MetricKey metric : MetricKey.values()) {
      page.metricSnapshot(gauge(shown, metric));
    }
    page.metricSnapshot(runs(shown));
    page.metricSnapshot(
        gauge(
            shown,
            "report_timestamp_seconds",
            "When the newest report of the window fell due",
            newest -> newest.timestampMs() / 1000.0));
    page.metricSnapshot(
        gauge(shown, "report_step", "The newest step of the newest report", Newest::step));
    page.metricSnapshot(
        number(
            "runs_left_out",
            "Runs that go on and are not exported, as there are too many",
            going.size() - shown.size()));
    addCounts(page);
    return page.build();
  }

  private static boolean goesOn(WatchedRun run) {
    return run.state().filter(RunStatus.State.ENDED::equals).isEmpty();
  }

  private void addCounts(MetricSnapshots.Builder page) {
    page.metricSnapshot(counter("reports_received", "Reports taken", counts.reports()));
    page.metricSnapshot(
        counter(
            "records_skipped",
            "Records that were neither reports nor statuses of runs",
            counts.skipped()));
    page.metricSnapshot(counter("events_sent", "Events written to pages", counts.events()));
    page.metricSnapshot(number("event_clients", "Pages that listen to events", counts.clients()));
  }

  private static GaugeSnapshot gauge(List<WatchedRun> runs, MetricKey metric) {
    String unit = metric.unit().isEmpty() ? "" : " (" + metric.unit() + ")";
    return gauge(
        runs,
        metric.key(),
        metric.help() + unit,
        newest -> {
          OptionalDouble value = newest.metrics().get(metric);
          return value.orElse(Double.NaN);
        });
  }

  /** NaN stands for "undefined" here, and is left out. */
  private static GaugeSnapshot gauge(
      List<WatchedRun> runs, String name, String help, ToDoubleFunction<Newest> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(PREFIX + name).help(help);
    for (WatchedRun run : runs) {
      run.windows()
          .forEach(
              (window, newest) -> {
                double number = value.applyAsDouble(newest);
                if (!Double.isNaN(number)) {
                  gauge.dataPoint(new GaugeDataPointSnapshot(number, labels(run, window), null));
                }
              });
    }
    return gauge.build();
  }

  private static Labels labels(WatchedRun run, Window window) {
    return Labels.of(
        "run", run.id(),
        "split", window.split(),
        "layer", window.layer(),
        "kind", window.kindName());
  }

  private static InfoSnapshot runs(List<WatchedRun> runs) {
    InfoSnapshot.Builder info =
        InfoSnapshot.builder().name(PREFIX + "run").help("The runs that go on and their states");
    for (WatchedRun run : runs) {
      String state = run.state().map(s -> s.name().toLowerCase(Locale.ROOT)).orElse("unknown");
      info.dataPoint(
          new InfoDataPointSnapshot(
              Labels.of(
                  "run", run.id(),
                  "attempt", Integer.toString(run.attempt()),
                  "state", state)));
    }
    return info.build();
  }

  private static GaugeSnapshot number(String name, String help, long value) {
    return GaugeSnapshot.builder()
        .name(PREFIX + name)
        .help(help)
        .dataPoint(new GaugeDataPointSnapshot((double) value, Labels.EMPTY, null))
        .build();
  }

  private static CounterSnapshot counter(String name, String help, long value) {
    return CounterSnapshot.builder()
        .name(PREFIX + name)
        .help(help)
        .dataPoint(new CounterDataPointSnapshot((double) value, Labels.EMPTY, null, 0))
        .build();
  }
}
