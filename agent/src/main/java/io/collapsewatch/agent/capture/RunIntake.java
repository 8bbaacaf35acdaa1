package io.collapsewatch.agent.capture;

import io.collapsewatch.agent.publish.CaptureSink;
import io.collapsewatch.agent.publish.EncodedCapture;
import io.collapsewatch.agent.publish.Headers;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunShape;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.TrainingStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * One attempt of a run. A message that is refused, or finds the sink full, leaves no trace but
 * spent budget, so its sender may repeat it.
 */
final class RunIntake {

  private final CaptureSink sink;
  private final LongSupplier nanos;
  private final Counts counts;
  private final Map<Integer, Sender> senders = new HashMap<>();
  private final Map<SourceName, Source> sources = new LinkedHashMap<>();
  private RunShape shape = RunShape.UNKNOWN;
  private OptionalLong reportEverySteps = OptionalLong.empty();

  private record SourceName(String split, String layer) {
    static SourceName of(CaptureHeader header) {
      return new SourceName(header.split(), header.layer());
    }
  }

  RunIntake(CaptureSink sink, LongSupplier nanos, Counts counts) {
    this.sink = sink;
    this.nanos = nanos;
    this.counts = counts;
  }

  /** See {@link CaptureIntake#accept}. */
  synchronized boolean accept(Capture capture, Runnable settled) {
    Sender sender = sender(capture.header().rank());
    if (sender.repeats(capture.header())) {
      var unused = sender.settled().thenRun(settled);
      return true;
    }
    RunShape known = shape.accept(capture);
    if (!publish(capture, known, settled)) {
      return false;
    }
    shape = known;
    sender.remember(capture.header());
    return true;
  }

  private boolean publish(Capture capture, RunShape known, Runnable settled) {
    if (capture instanceof FeatureBatch batch) {
      return batch.header().snapshot().isPresent()
          ? offer(List.of(), withoutLogits(batch), settled)
          : acceptLive(batch, known, settled);
    }
    if (capture instanceof RunEnded) {
      return acceptEnd(capture, settled);
    }
    if (!offer(List.of(), capture, settled)) {
      return false;
    }
    if (capture instanceof RunStarted started) {
      OptionalLong said = started.settings().reportEverySteps();
      reportEverySteps = said.isPresent() ? said : reportEverySteps;
    }
    return true;
  }

  private boolean acceptLive(FeatureBatch batch, RunShape known, Runnable settled) {
    CaptureHeader header = batch.header();
    Optional<Margins> margins = Margins.of(batch);
    Source source = source(header);
    Optional<MarginStatistics> statistics = source.pendingWith(margins.map(Margins::statistics));
    fit(source, batch, known);
    int chosen = source.budget.available(batch.rows(), header.step(), nanos.getAsLong());
    if (chosen == 0) {
      counts.sample(0, batch.rows());
      source.keep(header, statistics);
      publishIfDue(source);
      settled.run();
      return true;
    }
    source.budget.spend(chosen);
    List<TrainingStats> before =
        statistics.map(s -> TrainingStats.ofMargins(header, s)).stream().toList();
    if (!offer(before, sample(batch, margins, chosen), settled)) {
      return false;
    }
    source.published(nanos.getAsLong());
    counts.sample(chosen, batch.rows());
    return true;
  }

  private void fit(Source source, FeatureBatch batch, RunShape known) {
    int rowBytes = batch.dim() * batch.features().dtype().bytes();
    source.budget.fit(
        known.classesAtLeast(), batch.dim(), rowBytes, sources.size(), reportEverySteps);
  }

  /** The chosen rows with margins and predictions in place of logits. */
  private static FeatureBatch sample(FeatureBatch batch, Optional<Margins> margins, int chosen) {
    int[] rows = SampleBudget.spread(chosen, batch.rows());
    Tensor features = batch.features();
    return new FeatureBatch(
        batch.header(),
        chosen == batch.rows() ? features : features.select(rows),
        batch.labels().select(rows),
        Optional.empty(),
        margins.map(m -> m.margins().select(rows)),
        margins.map(m -> m.predictions().select(rows)));
  }

  private static FeatureBatch withoutLogits(FeatureBatch batch) {
    if (batch.logits().isEmpty()) {
      return batch;
    }
    return new FeatureBatch(
        batch.header(),
        batch.features(),
        batch.labels(),
        Optional.empty(),
        batch.margins(),
        batch.predictions());
  }

  private boolean acceptEnd(Capture end, Runnable settled) {
    List<TrainingStats> before =
        sources.values().stream().flatMap(source -> source.message().stream()).toList();
    if (!offer(before, end, settled)) {
      return false;
    }
    sources.values().forEach(source -> source.published(nanos.getAsLong()));
    return true;
  }

  /** Whether some rows of a live batch would be published now; a source not seen yet always is. */
  synchronized boolean wants(CaptureHeader header, int rows) {
    Source source = sources.get(SourceName.of(header));
    return source == null || source.budget.available(rows, header.step(), nanos.getAsLong()) > 0;
  }

  /** Keeps the margins of a live batch of which no row is published. */
  synchronized void note(CaptureHeader header, MarginStatistics margins) {
    Source source = source(header);
    counts.sample(0, (int) margins.count());
    source.keep(header, source.pendingWith(Optional.of(margins)));
    publishIfDue(source);
  }

  /** A full sink is no loss here: the statistics stay pending. */
  private void publishIfDue(Source source) {
    long now = nanos.getAsLong();
    if (source.due(now)
        && source.message().isPresent()
        && offer(List.of(), source.message().get(), () -> {})) {
      source.published(now);
    }
  }

  synchronized void drop(int rank, String reason) {
    counts.drop(reason);
    sender(rank).drop(reason);
  }

  synchronized Map<String, Long> dropped(int rank) {
    return sender(rank).dropped();
  }

  /**
   * Publishes a message with the statistics that have to precede it. They share its number, as its
   * first parts: a message that comes again, to an agent that has not seen it, adds nothing.
   *
   * @param settled runs with the message itself: those of one run are settled in order
   */
  private boolean offer(List<TrainingStats> statistics, Capture message, Runnable settled) {
    CaptureHeader header = message.header();
    int before = header.seq().isPresent() && header.parts() == 1 ? statistics.size() : 0;
    CompletableFuture<Void> way = new CompletableFuture<>();
    EncodedCapture last = encode(message, before, () -> way.complete(null));
    List<EncodedCapture> group = new ArrayList<>();
    for (TrainingStats each : statistics) {
      int part = group.size();
      int parts = before + last.parts().size();
      CaptureHeader own = before == 0 ? unnumbered(each.header()) : joined(each.header(), header);
      CaptureHeader placed = before == 0 ? own : own.withPart(part, parts);
      group.add(encode(Headers.replace(each, placed), 0, () -> {}));
    }
    group.add(last);
    if (!sink.offer(group)) {
      return false;
    }
    sender(header.rank()).onTheWay(way);
    var unused = way.thenRun(settled);
    return true;
  }

  private static CaptureHeader unnumbered(CaptureHeader header) {
    return header.withSeq(OptionalLong.empty()).withPart(0, 1);
  }

  /** As of another message of the same rank, but about the same batches. */
  private static CaptureHeader joined(CaptureHeader header, CaptureHeader to) {
    return header
        .withSender(to.attempt(), to.rank(), to.worldSize())
        .withSeq(to.seq())
        .withDropped(to.dropped());
  }

  private EncodedCapture encode(Capture capture, int before, Runnable settled) {
    CaptureHeader header = capture.header();
    int rank = header.rank();
    CaptureHeader counted = sender(rank).withDropped(header);
    Capture message = counted.equals(header) ? capture : Headers.replace(capture, counted);
    return EncodedCapture.of(message, before, () -> drop(rank, DropReason.KAFKA_FAILED), settled);
  }

  private Sender sender(int rank) {
    return senders.computeIfAbsent(rank, unused -> new Sender());
  }

  private Source source(CaptureHeader header) {
    return sources.computeIfAbsent(
        SourceName.of(header), unused -> new Source(header, nanos.getAsLong()));
  }
}
