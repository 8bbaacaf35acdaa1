package io.collapsewatch.analyzer.stream;

import io.collapsewatch.analyzer.collapse.ClassMoments;
import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.collapse.Collapse;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.analyzer.window.BatchSamples;
import io.collapsewatch.analyzer.window.CapturedClassifier;
import io.collapsewatch.analyzer.window.PassState;
import io.collapsewatch.analyzer.window.ReportWriter;
import io.collapsewatch.analyzer.window.RunState;
import io.collapsewatch.analyzer.window.WindowId;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MismatchedCaptureException;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The passes with frozen weights that are under way. A pass is held as the captures it came in
 * until every rank has ended it, and is then measured in two passes. One that is larger than the
 * limit is folded piece by piece into streaming statistics, so that neither memory nor the
 * changelog grows with it.
 */
final class SnapshotPasses {

  /** Passes of a run that are under way at the same time: splits, layers and stragglers. */
  private static final int MOST_OPEN = 16;

  /** Streaming statistics hold d² numbers: 128 MiB at this width. */
  private static final int WIDEST_FOLDED = 4096;

  /** Once a pass is being folded, this many bytes are held between two foldings. */
  private static final long FOLDED_AT_ONCE = 32L << 20;

  private final KeyValueStore<String, PassState> states;
  private final KeyValueStore<String, byte[]> blobs;
  private final Classifiers classifiers;
  private final MomentRows foldedRows;
  private final long heldBytes;

  SnapshotPasses(
      KeyValueStore<String, PassState> states,
      KeyValueStore<String, byte[]> blobs,
      Classifiers classifiers,
      long heldBytes) {
    this.states = states;
    this.blobs = blobs;
    this.classifiers = classifiers;
    this.foldedRows = new MomentRows(blobs);
    this.heldBytes = heldBytes;
  }

  /** One pass of one window. */
  private record Pass(WindowId window, String snapshot) {

    static Pass of(FeatureBatch batch) {
      return new Pass(WindowId.of(batch.header()), batch.header().snapshot().orElseThrow());
    }

    static Pass ofKey(String key) {
      String[] parts = key.split("/", -1);
      return new Pass(new WindowId(parts[0], parts[1], parts[2]), parts[3]);
    }

    String key() {
      return Stores.key(window.run(), window.split(), window.layer(), snapshot);
    }

    String blobs(String kind) {
      return Stores.key(window.run(), kind, window.split(), window.layer(), snapshot);
    }

    String batches() {
      return blobs("batches");
    }

    String moments() {
      return blobs("moments");
    }
  }

  /**
   * Takes a batch that came as {@code bytes}; the report, if it ends the pass.
   *
   * @throws MismatchedCaptureException if it would begin one pass too many
   */
  Optional<WindowReport> add(FeatureBatch batch, byte[] bytes, RunState run, long timestampMs) {
    Pass pass = Pass.of(batch);
    PassState before = states.get(pass.key());
    if (before == null) {
      requireRoom(pass);
      before = PassState.startingWith(batch, run.droppedMessages());
    }
    PassState state = take(pass, before, batch, bytes);
    states.put(pass.key(), state);
    return state.ended()
        ? Optional.of(close(pass, state, run, timestampMs, List.of()))
        : Optional.empty();
  }

  private void requireRoom(Pass pass) {
    String run = pass.window().run();
    if (Stores.below(states, run).size() == MOST_OPEN) {
      throw new MismatchedCaptureException(
          "pass %s would be one more than the %d that a run may have under way; end one first"
              .formatted(pass.snapshot(), MOST_OPEN));
    }
  }

  private PassState take(Pass pass, PassState before, FeatureBatch batch, byte[] bytes) {
    boolean full = before.bytes() + bytes.length > heldBytes;
    if (full && batch.dim() > WIDEST_FOLDED) {
      return before.without(batch);
    }
    PassState state = before.after(batch, bytes.length);
    blobs.put(Stores.key(pass.batches(), Stores.ordered(state.batches())), bytes);
    if (full || (state.folded() && state.bytes() > FOLDED_AT_ONCE)) {
      fold(pass, state.dim());
      return state.afterFolding();
    }
    return state;
  }

  private void fold(Pass pass, int dim) {
    foldedRows.save(pass.moments(), moments(pass, dim));
    Stores.deleteBelow(blobs, pass.batches());
  }

  /** The streaming statistics of all batches of a pass so far. */
  private ClassMoments moments(Pass pass, int dim) {
    List<FeatureBatch> held = batches(pass);
    ClassMoments moments = foldedRows.load(pass.moments(), dim);
    if (!held.isEmpty()) {
      moments.addAll(new BatchSamples(held));
    }
    return moments;
  }

  private List<FeatureBatch> batches(Pass pass) {
    return Stores.below(blobs, pass.batches()).stream()
        .map(blob -> (FeatureBatch) CaptureCodec.decode(ByteBuffer.wrap(blob.value)))
        .toList();
  }

  /** Reports of all passes of a run that are still open. */
  List<WindowReport> closeAll(String run, RunState state, long timestampMs, String why) {
    List<WindowReport> reports = new ArrayList<>();
    for (KeyValue<String, PassState> open : Stores.below(states, run)) {
      String note =
          "the pass is incomplete, %d of %d ranks have ended it: %s"
              .formatted(open.value.endedRanks().size(), open.value.worldSize(), why);
      reports.add(close(Pass.ofKey(open.key), open.value, state, timestampMs, List.of(note)));
    }
    return reports;
  }

  /**
   * Measures a pass that is over. Its batches are forgotten first, so a failure is not repeated.
   */
  private WindowReport close(
      Pass pass, PassState state, RunState run, long timestampMs, List<String> notes) {
    Optional<CapturedClassifier> classifier =
        classifiers.ofPass(pass.window(), pass.snapshot(), state.stepLast());
    Supplier<CollapseResult> measurement = measurement(pass, state, classifier);
    forget(pass);
    List<String> remarks = new ArrayList<>(notes);
    remarks.addAll(losses(state, run));
    return new ReportWriter(pass.window(), run, classifier, timestampMs)
        .snapshot(pass.snapshot(), state, measurement.get(), remarks);
  }

  private Supplier<CollapseResult> measurement(
      Pass pass, PassState state, Optional<CapturedClassifier> classifier) {
    Optional<Classifier> weights = classifier.map(CapturedClassifier::classifier);
    if (state.folded()) {
      ClassMoments moments = moments(pass, state.dim());
      return () -> Collapse.measure(moments, weights);
    }
    BatchSamples samples = new BatchSamples(batches(pass));
    return () -> Collapse.measure(samples, weights);
  }

  /** A sentence for each thing that the pass should have had and has not. */
  private List<String> losses(PassState state, RunState run) {
    List<String> losses = new ArrayList<>();
    if (state.folded()) {
      losses.add(
          "the pass is larger than %d bytes and was measured by streaming statistics: nc4_ncc_mismatch, accuracy and margins are absent"
              .formatted(heldBytes));
    }
    if (state.leftOutRows() > 0) {
      losses.add(
          "%d rows of the pass were left out: it is larger than %d bytes, and streaming statistics end at a width of %d"
              .formatted(state.leftOutRows(), heldBytes, WIDEST_FOLDED));
    }
    if (state.missingParts() != 0) {
      losses.add(
          "%d parts of the pass's messages are missing".formatted(Math.abs(state.missingParts())));
    }
    long dropped = run.droppedMessages() - state.droppedBefore();
    if (dropped > 0) {
      losses.add("%d messages of the run were lost during the pass".formatted(dropped));
    }
    return losses;
  }

  private void forget(Pass pass) {
    Stores.deleteBelow(blobs, pass.batches());
    Stores.deleteBelow(blobs, pass.moments());
    states.delete(pass.key());
  }

  /** Forgets every open pass of a run. */
  void forget(String run) {
    Stores.below(states, run).forEach(open -> forget(Pass.ofKey(open.key)));
  }
}
