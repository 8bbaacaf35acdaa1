package io.collapsewatch.analyzer.window;

import io.collapsewatch.analyzer.alert.Judgement;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunShape;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.TrainingStats;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the analyzer knows of a run beside its windows.
 *
 * @param shape K and the widths
 * @param settings what the run said of itself
 * @param attempt the newest attempt seen
 * @param senders what is known of each rank of that attempt
 * @param layerNorms ‖W_l‖_F as last reported and before that
 * @param training loss, accuracy, learning rate and weight decay as last reported
 * @param newestStep the newest step seen
 * @param epoch the epoch of that step, where the run says it
 * @param firstTimestampMs when its first capture was appended
 * @param lastTimestampMs when its last capture was appended
 */
public record RunState(
    RunShape shape,
    RunSettings settings,
    int attempt,
    SortedMap<Integer, Sender> senders,
    NormHistory layerNorms,
    Map<String, Double> training,
    long newestStep,
    OptionalDouble epoch,
    long firstTimestampMs,
    long lastTimestampMs) {

  /** Of a run of which nothing has been seen. */
  public static final RunState UNKNOWN =
      new RunState(
          RunShape.UNKNOWN,
          RunSettings.NONE,
          0,
          new TreeMap<>(),
          NormHistory.EMPTY,
          Map.of(),
          0,
          OptionalDouble.empty(),
          0,
          0);

  /**
   * What is known of one rank.
   *
   * @param seq number of its newest message that had one
   * @param part part of that message
   * @param step the newest step it has sent
   * @param dropped messages it lost, by reason
   * @param ended whether it has ended
   */
  public record Sender(
      OptionalLong seq, int part, long step, Map<String, Long> dropped, boolean ended) {

    static final Sender UNKNOWN = new Sender(OptionalLong.empty(), 0, 0, Map.of(), false);

    boolean repeats(CaptureHeader header) {
      if (seq.isEmpty() || header.seq().isEmpty()) {
        return false;
      }
      int newer = Long.compare(header.seq().getAsLong(), seq.getAsLong());
      return newer < 0 || (newer == 0 && header.part() <= part);
    }

    Sender after(Capture capture) {
      CaptureHeader header = capture.header();
      boolean numbered = header.seq().isPresent();
      return new Sender(
          numbered ? header.seq() : seq,
          numbered ? header.part() : part,
          Math.max(step, header.step()),
          header.dropped().isEmpty() ? dropped : header.dropped(),
          ended || capture instanceof RunEnded);
    }
  }

  public RunState {
    senders = Collections.unmodifiableSortedMap(new TreeMap<>(senders));
    training = Collections.unmodifiableMap(new TreeMap<>(training));
  }

  /** Whether a message of this attempt has been seen before, by its sender and number. */
  public boolean repeats(CaptureHeader header) {
    Sender sender = senders.get(header.rank());
    return sender != null && sender.repeats(header);
  }

  /**
   * Whether a message begins the run anew under the same attempt: a {@code run} message of a rank
   * that has ended, or has been further.
   */
  public boolean begunAnewBy(Capture capture) {
    Sender sender = senders.get(capture.header().rank());
    return capture instanceof RunStarted
        && sender != null
        && (sender.ended() || capture.header().step() < sender.step());
  }

  /** The state at the start of a later attempt: K, d and settings stay, the rest is forgotten. */
  public RunState atAttempt(int newAttempt) {
    return new RunState(
        shape,
        settings,
        newAttempt,
        new TreeMap<>(),
        NormHistory.EMPTY,
        Map.of(),
        0,
        OptionalDouble.empty(),
        firstTimestampMs,
        lastTimestampMs);
  }

  /**
   * The state after a capture of this attempt.
   *
   * @throws io.collapsewatch.protocol.MismatchedCaptureException if it does not fit the run
   */
  public RunState after(Capture capture, long timestampMs) {
    CaptureHeader header = capture.header();
    TreeMap<Integer, Sender> newSenders = new TreeMap<>(senders);
    newSenders.put(
        header.rank(), senders.getOrDefault(header.rank(), Sender.UNKNOWN).after(capture));
    boolean newer = header.step() >= newestStep;
    return new RunState(
        shape.accept(capture),
        newSettings(capture),
        attempt,
        newSenders,
        capture instanceof TrainingStats stats ? layerNorms.after(stats) : layerNorms,
        newTraining(capture),
        newer ? header.step() : newestStep,
        newer && header.epoch().isPresent() ? header.epoch() : epoch,
        firstTimestampMs == 0 ? timestampMs : firstTimestampMs,
        timestampMs);
  }

  private RunSettings newSettings(Capture capture) {
    return capture instanceof RunStarted run ? run.settings().over(settings) : settings;
  }

  private Map<String, Double> newTraining(Capture capture) {
    if (!(capture instanceof TrainingStats stats)) {
      return training;
    }
    TreeMap<String, Double> merged = new TreeMap<>(training);
    put(merged, "loss", stats.loss());
    put(merged, "accuracy", stats.accuracy());
    put(merged, "learning_rate", stats.learningRate());
    put(merged, "weight_decay", stats.weightDecay());
    return merged;
  }

  private static void put(Map<String, Double> map, String name, OptionalDouble value) {
    value.ifPresent(number -> map.put(name, number));
  }

  /** What readers are told of the run that stands so. */
  public RunStatus status(String run, Judgement judgement) {
    return new RunStatus(
        RunStatus.VERSION,
        run,
        attempt,
        judgement.state(),
        judgement.reason(),
        judgement.sinceMs(),
        firstTimestampMs,
        lastTimestampMs,
        newestStep,
        epoch,
        shape.classes(),
        shape.dims(),
        settings,
        judgement.terminalStep(),
        judgement.terminalEpoch(),
        judgement.floor(),
        judgement.trend());
  }

  /** Whether all of {@code worldSize} ranks have ended this attempt. */
  public boolean ended(int worldSize) {
    return senders.values().stream().filter(Sender::ended).count() >= worldSize;
  }

  /** Messages lost before the analyzer, for whatever reason, over all ranks. */
  public long droppedMessages() {
    return dropped().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Messages lost before the analyzer, by reason, over all ranks. */
  public Map<String, Long> dropped() {
    TreeMap<String, Long> sum = new TreeMap<>();
    senders.values().forEach(s -> s.dropped().forEach((why, n) -> sum.merge(why, n, Long::sum)));
    return sum;
  }
}
