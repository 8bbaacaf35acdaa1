package io.collapsewatch.agent.prometheus;

import io.collapsewatch.agent.capture.Counts;
import io.collapsewatch.agent.capture.Door;
import io.collapsewatch.agent.publish.KafkaSink;
import io.collapsewatch.agent.stream.StreamServer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.function.ToDoubleFunction;

/**
 * In Prometheus' text format, computed when asked for: what the agent has done with captures since
 * its start, and its process. No run is named: there may be any number of them.
 */
public final class MetricsPage {

  private static final String PREFIX = "collapsewatch.";

  private final Counts counts;
  private final KafkaSink sink;
  private final StreamServer streams;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure();

  public MetricsPage(Counts counts, KafkaSink sink, StreamServer streams) {
    this.counts = counts;
    this.sink = sink;
    this.streams = streams;
    for (Door door : Door.values()) {
      addDoor(door);
    }
    addSampling();
    addSink();
    addProcess();
  }

  /** The page as it is now, UTF-8. */
  public byte[] get() {
    return registry.scrape().getBytes(StandardCharsets.UTF_8);
  }

  private void addDoor(Door door) {
    Tags tags = Tags.of("door", door.label());
    Counts.ByDoor of = counts.of(door);
    counter("captures.received", "Captures that came in", tags, page -> of.received());
    counter("captures.taken", "Captures that were taken", tags, page -> of.taken());
    counter(
        "captures.refused",
        "Captures that were answered with a refusal, or found the buffer full",
        tags,
        page -> of.refused());
  }

  private void addSampling() {
    counter(
        "rows.sampled",
        "Rows of live batches that are published",
        Tags.empty(),
        page -> page.counts.sampledRows());
    counter(
        "rows.left.out",
        "Rows of live batches of which only the margins are used",
        Tags.empty(),
        page -> page.counts.leftOutRows());
    for (String reason : counts.dropReasons()) {
      counter(
          "messages.dropped",
          "Messages of runs that were lost in the agent",
          Tags.of("reason", reason),
          page -> page.counts.dropped(reason));
    }
  }

  private void addSink() {
    counter(
        "published.bytes",
        "Bytes of captures that Kafka has acknowledged",
        Tags.empty(),
        page -> page.sink.publishedBytes());
    number("buffer.bytes", "Bytes of captures that wait for Kafka", p -> p.sink.bufferedBytes());
    number(
        "buffer.limit.bytes",
        "Bytes of captures that may wait for Kafka",
        p -> p.sink.bufferLimit());
    number("kafka.connected", "1 while Kafka can be reached", p -> p.sink.connected() ? 1 : 0);
    number("stream.connections", "Clients that stream captures", p -> p.streams.connections());
  }

  /** Meters hold what they read weakly: this page outlives them. */
  private void number(String name, String help, ToDoubleFunction<MetricsPage> value) {
    Gauge.builder(PREFIX + name, this, value).description(help).register(registry);
  }

  private void counter(String name, String help, Tags tags, ToDoubleFunction<MetricsPage> value) {
    FunctionCounter.builder(PREFIX + name, this, value)
        .description(help)
        .tags(tags)
        .register(registry);
  }

  /** Not those of the processor: promtool refuses the names that they have. */
  private void addProcess() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }
}
