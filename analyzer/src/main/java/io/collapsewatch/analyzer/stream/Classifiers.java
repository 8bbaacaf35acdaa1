package io.collapsewatch.analyzer.stream;

import static java.util.stream.Collectors.toSet;

import io.collapsewatch.analyzer.window.CapturedClassifier;
import io.collapsewatch.analyzer.window.WindowId;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.state.KeyValueStore;

/** The newest classifiers of each layer, kept as the captures they came in. */
final class Classifiers {

  /**
   * Of training and of passes each. More than one, because a report may be about a step before the
   * newest classifier's.
   */
  private static final int KEPT = 4;

  private final KeyValueStore<String, ClassifierIndex> indexes;
  private final KeyValueStore<String, byte[]> blobs;

  Classifiers(KeyValueStore<String, ClassifierIndex> indexes, KeyValueStore<String, byte[]> blobs) {
    this.indexes = indexes;
    this.blobs = blobs;
  }

  /**
   * Keeps a classifier, or a part of one, that came as {@code bytes}.
   *
   * @param steps newest steps of the windows that may use it: what they need now is kept, too
   */
  void add(ClassifierSnapshot part, byte[] bytes, Collection<Long> steps) {
    WindowId window = WindowId.of(part.header());
    ClassifierIndex before = index(window);
    ClassifierIndex.Entry entry = before.entryFor(part.header());
    ClassifierIndex after = before.with(part.header().part(), entry).keeping(KEPT, steps);
    blobs.put(Stores.key(blobKey(window, entry), Stores.ordered(part.header().part())), bytes);
    indexes.put(key(window), after);
    Set<Long> kept = after.entries().stream().map(ClassifierIndex.Entry::number).collect(toSet());
    for (ClassifierIndex.Entry old : before.entries()) {
      if (!kept.contains(old.number())) {
        Stores.deleteBelow(blobs, blobKey(window, old));
      }
    }
  }

  private ClassifierIndex index(WindowId window) {
    ClassifierIndex index = indexes.get(key(window));
    return index == null ? ClassifierIndex.EMPTY : index;
  }

  private static String key(WindowId window) {
    return Stores.key(window.run(), window.layer());
  }

  private static String blobKey(WindowId window, ClassifierIndex.Entry entry) {
    return Stores.key(window.run(), "classifier", window.layer(), Stores.ordered(entry.number()));
  }

  /** The classifier of a pass, or else the newest one up to {@code step}. */
  Optional<CapturedClassifier> ofPass(WindowId window, String snapshot, long step) {
    ClassifierIndex index = index(window);
    return index.ofPass(snapshot).or(() -> index.upTo(step)).flatMap(entry -> load(window, entry));
  }

  /** The newest classifier up to {@code step}. */
  Optional<CapturedClassifier> upTo(WindowId window, long step) {
    return index(window).upTo(step).flatMap(entry -> load(window, entry));
  }

  private Optional<CapturedClassifier> load(WindowId window, ClassifierIndex.Entry entry) {
    List<ClassifierSnapshot> parts =
        Stores.below(blobs, blobKey(window, entry)).stream()
            .map(blob -> (ClassifierSnapshot) CaptureCodec.decode(ByteBuffer.wrap(blob.value)))
            .toList();
    return CapturedClassifier.of(parts);
  }

  /** Forgets every classifier of a run. */
  void forget(String run) {
    Stores.deleteBelow(indexes, run);
    Stores.deleteBelow(blobs, Stores.key(run, "classifier"));
  }
}
