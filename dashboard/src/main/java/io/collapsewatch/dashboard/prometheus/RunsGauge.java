package io.collapsewatch.dashboard.prometheus;

import io.collapsewatch.dashboard.board.Newest;
import io.collapsewatch.dashboard.board.WatchedRun;
import io.collapsewatch.dashboard.board.Window;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.MetricKey;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A gauge with series of runs.
 *
 * @param rows the series of a run
 */
record RunsGauge(MultiGauge gauge, Function<WatchedRun, Stream<Row<?>>> rows) {

  /** All of them, without series yet. */
  static List<RunsGauge> all(MeterRegistry registry) {
    List<RunsGauge> gauges = new ArrayList<>();
    for (MetricKey metric : MetricKey.values()) {
      String unit = metric.unit().isEmpty() ? "" : " (" + metric.unit() + ")";
      gauges.add(
          ofWindows(
              registry,
              metric.key(),
              metric.help() + unit,
              newest -> newest.metrics().get(metric)));
    }
    gauges.add(
        ofWindows(
            registry,
            "report.timestamp.seconds",
            "When the newest report of the window fell due",
            newest -> OptionalDouble.of(newest.timestampMs() / 1000.0)));
    gauges.add(
        ofWindows(
            registry,
            "report.step",
            "The newest step of the newest report",
            newest -> OptionalDouble.of((double) newest.step())));
    gauges.add(
        of(
            registry,
            "run.info",
            "The runs that go on and their states",
            run -> Stream.of(Row.of(state(run), 1))));
    gauges.add(
        of(
            registry,
            "alerts.firing",
            "Alerts of the run that fire, by the state that raised them",
            run -> run.alerts().firing().stream().map(alert -> Row.of(tags(alert), 1))));
    return gauges;
  }

  /** From now on it has the series of these runs and no others. */
  void show(List<WatchedRun> runs) {
    gauge.register(runs.stream().flatMap(rows).toList(), true);
  }

  private static RunsGauge of(
      MeterRegistry registry, String name, String help, Function<WatchedRun, Stream<Row<?>>> rows) {
    return new RunsGauge(
        MultiGauge.builder(MetricsPage.PREFIX + name).description(help).register(registry), rows);
  }

  /** A series of each window in which the value is defined. */
  private static RunsGauge ofWindows(
      MeterRegistry registry, String name, String help, Function<Newest, OptionalDouble> value) {
    return of(
        registry,
        name,
        help,
        run ->
            run.windows().entrySet().stream()
                .flatMap(
                    window ->
                        value.apply(window.getValue()).stream()
                            .mapToObj(number -> Row.of(tags(run, window.getKey()), number))));
  }

  private static Tags tags(WatchedRun run, Window window) {
    return Tags.of(
        "run", run.id(),
        "split", window.split(),
        "layer", window.layer(),
        "kind", window.kindName());
  }

  private static Tags tags(Alert alert) {
    return Tags.of("run", alert.run(), "state", alert.state().name().toLowerCase(Locale.ROOT));
  }

  private static Tags state(WatchedRun run) {
    return Tags.of(
        "run", run.id(),
        "attempt", Integer.toString(run.attempt()),
        "state", run.state().map(s -> s.name().toLowerCase(Locale.ROOT)).orElse("unknown"));
  }
}
