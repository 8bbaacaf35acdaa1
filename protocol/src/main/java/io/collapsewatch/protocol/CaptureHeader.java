package io.collapsewatch.protocol;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What every capture carries beside its tensors.
 *
 * @param run id of the run, {@code [A-Za-z0-9._-]{1,64}}
 * @param step optimisation step, ≥ 0
 * @param epoch epoch, where the sender knows it
 * @param split which data: {@code train} unless said otherwise, {@code [a-z0-9_-]{1,32}}
 * @param layer which layer's features: {@code penultimate} unless said otherwise, same pattern
 * @param attempt how often the run was restarted
 * @param rank rank of the sending process, 0..worldSize−1
 * @param worldSize processes that train this run together
 * @param seq number of the message at its sender, growing; absent: repeats are not noticed
 * @param snapshot id of a pass with frozen weights, same pattern as {@code run}
 * @param snapshotEnd whether this is its rank's last message of that pass
 * @param part which part of a split message this is, 0..parts−1
 * @param parts into how many parts the message was split
 * @param dropped messages lost on the way so far, by reason: running totals of the sending process
 *     for this run and attempt
 */
public record CaptureHeader(
    String run,
    long step,
    OptionalDouble epoch,
    String split,
    String layer,
    int attempt,
    int rank,
    int worldSize,
    OptionalLong seq,
    Optional<String> snapshot,
    boolean snapshotEnd,
    int part,
    int parts,
    Map<String, Long> dropped) {

  /** The split of a capture that names none. */
  public static final String TRAIN = "train";

  /** The layer of a capture that names none. */
  public static final String PENULTIMATE = "penultimate";

  static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,32}");

  /**
   * @throws MalformedCaptureException if a field is outside its range, with the field, what was
   *     read and what was expected
   */
  public CaptureHeader {
    requireMatch("run", run, ID);
    requireMatch("split", split, NAME);
    requireMatch("layer", layer, NAME);
    snapshot.ifPresent(id -> requireMatch("snapshot", id, ID));
    Ranges.requireRange("step", step, 0, Long.MAX_VALUE);
    Ranges.requireRange("attempt", attempt, 0, Integer.MAX_VALUE);
    Ranges.requireRange("world_size", worldSize, 1, Limits.WORLD_SIZE);
    Ranges.requireRange("rank", rank, 0, worldSize - 1L);
    Ranges.requireRange("parts", parts, 1, Limits.PARTS);
    Ranges.requireRange("part", part, 0, parts - 1L);
    seq.ifPresent(number -> Ranges.requireRange("seq", number, 0, Long.MAX_VALUE));
    epoch.ifPresent(number -> Ranges.requireNotNegative("epoch", number));
    if (snapshotEnd && snapshot.isEmpty()) {
      throw new MalformedCaptureException(
          "snapshot_end is true without a snapshot; expected the id of the pass that ends here");
    }
    Ranges.requireRange("the number of dropped reasons", dropped.size(), 0, Limits.DROP_REASONS);
    for (Map.Entry<String, Long> drop : dropped.entrySet()) {
      requireMatch("dropped reason", drop.getKey(), NAME);
      Ranges.requireRange("dropped." + drop.getKey(), drop.getValue(), 0, Limits.DROPPED);
    }
    dropped = Collections.unmodifiableMap(new TreeMap<>(dropped));
  }

  /** The header of a message at {@code step} of {@code run}, everything else at its default. */
  public static CaptureHeader of(String run, long step) {
    return new CaptureHeader(
        run,
        step,
        OptionalDouble.empty(),
        TRAIN,
        PENULTIMATE,
        0,
        0,
        1,
        OptionalLong.empty(),
        Optional.empty(),
        false,
        0,
        1,
        Map.of());
  }

  public CaptureHeader withEpoch(double newEpoch) {
    return changed(copy -> copy.epoch = OptionalDouble.of(newEpoch));
  }

  public CaptureHeader withSource(String newSplit, String newLayer) {
    return changed(
        copy -> {
          copy.split = newSplit;
          copy.layer = newLayer;
        });
  }

  public CaptureHeader withSender(int newAttempt, int newRank, int newWorldSize) {
    return changed(
        copy -> {
          copy.attempt = newAttempt;
          copy.rank = newRank;
          copy.worldSize = newWorldSize;
        });
  }

  public CaptureHeader withSeq(OptionalLong newSeq) {
    return changed(copy -> copy.seq = newSeq);
  }

  public CaptureHeader withSnapshot(String id, boolean end) {
    return changed(
        copy -> {
          copy.snapshot = Optional.of(id);
          copy.snapshotEnd = end;
        });
  }

  /** The header of a part; only the last one still ends a snapshot. */
  public CaptureHeader withPart(int newPart, int newParts) {
    return changed(
        copy -> {
          copy.part = newPart;
          copy.parts = newParts;
          copy.snapshotEnd = snapshotEnd && newPart == newParts - 1;
        });
  }

  public CaptureHeader withDropped(Map<String, Long> newDropped) {
    return changed(copy -> copy.dropped = newDropped);
  }

  /** Whether this is the last part of its message; a message that was not split has one part. */
  public boolean lastPart() {
    return part == parts - 1;
  }

  private static void requireMatch(String field, String value, Pattern pattern) {
    if (!pattern.matcher(value).matches()) {
      throw new MalformedCaptureException(
          "%s is %s; expected %s".formatted(field, Printable.quote(value), pattern.pattern()));
    }
  }

  private CaptureHeader changed(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.header(run, step);
  }

  /** Everything but run and step, while some of it is changed. */
  private static final class Copy {
    private OptionalDouble epoch;
    private String split;
    private String layer;
    private int attempt;
    private int rank;
    private int worldSize;
    private OptionalLong seq;
    private Optional<String> snapshot;
    private boolean snapshotEnd;
    private int part;
    private int parts;
    private Map<String, Long> dropped;

    private Copy(CaptureHeader of) {
      epoch = of.epoch;
      split = of.split;
      layer = of.layer;
      attempt = of.attempt;
      rank = of.rank;
      worldSize = of.worldSize;
      seq = of.seq;
      snapshot = of.snapshot;
      snapshotEnd = of.snapshotEnd;
      part = of.part;
      parts = of.parts;
      dropped = of.dropped;
    }

    private CaptureHeader header(String run, long step) {
      return new CaptureHeader(
          run,
          step,
          epoch,
          split,
          layer,
          attempt,
          rank,
          worldSize,
          seq,
          snapshot,
          snapshotEnd,
          part,
          parts,
          dropped);
    }
  }
}
