package io.collapsewatch.agent.capture;

import io.collapsewatch.agent.publish.CaptureSink;
import io.collapsewatch.agent.publish.EncodedCapture;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunShape;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * One attempt of a run. A message that is refused, or finds the sink full, leaves no trace but
 * spent budget, so its sender may repeat it.
 */
final class RunIntake {

  private final CaptureSink sink;
  private final LongSupplier nanos;
  private final Map<Integer, Sender> senders = new HashMap<>();
  private final Map<SourceName, Source> sources = new LinkedHashMap<>();
  private RunShape shape = RunShape.UNKNOWN;
  private OptionalLong reportEverySteps = OptionalLong.empty();

  private record SourceName(String split, String layer) {
    static SourceName of(CaptureHeader header) {
      return new SourceName(header.split(), header.layer());
    }
  }

  RunIntake(CaptureSink sink, LongSupplier nanos) {
    this.sink = sink;
    this.nanos = nanos;
  }

  /** See {@link CaptureIntake#accept}. */
  synchronized boolean accept(Capture capture) {
    Sender sender = sender(capture.header().rank());
    if (sender.repeats(capture.header())) {
      return true;
    }
    RunShape known = shape.accept(capture);
    if (!publish(capture, known)) {
      return false;
    }
    shape = known;
    sender.remember(capture.header());
    return true;
  }

  private boolean publish(Capture capture, RunShape known) {
    if (capture instanceof FeatureBatch batch) {
      return batch.header().snapshot().isPresent()
          ? offer(List.of(withoutLogits(batch)))
          : acceptLive(batch, known);
    }
    if (capture instanceof RunEnded) {
      return acceptEnd(capture);
    }
    if (!offer(List.of(capture))) {
      return false;
    }
    if (capture instanceof RunStarted started) {
      OptionalLong said = started.settings().reportEverySteps();
      reportEverySteps = said.isPresent() ? said : reportEverySteps;
    }
    return true;
  }

  private boolean acceptLive(FeatureBatch batch, RunShape known) {
    CaptureHeader header = batch.header();
    Optional<Margins> margins = Margins.of(batch);
    Source source = source(header);
    Optional<MarginStatistics> statistics = source.pendingWith(margins.map(Margins::statistics));
    fit(source, batch, known);
    int chosen = source.budget.available(batch.rows(), header.step(), nanos.getAsLong());
    if (chosen == 0) {
      source.keep(header, statistics);
      publishIfDue(source);
      return true;
    }
    source.budget.spend(chosen);
    List<Capture> messages = new ArrayList<>();
    statistics.ifPresent(s -> messages.add(Source.message(header, s)));
    messages.add(sample(batch, margins, chosen));
    if (!offer(messages)) {
      return false;
    }
    source.published(nanos.getAsLong());
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

  private boolean acceptEnd(Capture end) {
    List<Capture> messages = new ArrayList<>();
    sources.values().forEach(source -> source.message().ifPresent(messages::add));
    messages.add(end);
    if (!offer(messages)) {
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
    source.keep(header, source.pendingWith(Optional.of(margins)));
    publishIfDue(source);
  }

  /** A full sink is no loss here: the statistics stay pending. */
  private void publishIfDue(Source source) {
    long now = nanos.getAsLong();
    if (source.due(now) && source.message().isPresent() && offer(List.of(source.message().get()))) {
      source.published(now);
    }
  }

  synchronized void drop(int rank, String reason) {
    sender(rank).drop(reason);
  }

  synchronized Map<String, Long> dropped(int rank) {
    return sender(rank).dropped();
  }

  private boolean offer(List<Capture> messages) {
    return sink.offer(messages.stream().map(this::encode).toList());
  }

  private EncodedCapture encode(Capture capture) {
    CaptureHeader header = capture.header();
    int rank = header.rank();
    CaptureHeader counted = sender(rank).withDropped(header);
    Capture message = counted.equals(header) ? capture : Headers.replace(capture, counted);
    return EncodedCapture.of(message, () -> drop(rank, DropReason.KAFKA_FAILED));
  }

  private Sender sender(int rank) {
    return senders.computeIfAbsent(rank, unused -> new Sender());
  }

  private Source source(CaptureHeader header) {
    return sources.computeIfAbsent(
        SourceName.of(header), unused -> new Source(header, nanos.getAsLong()));
  }
}
