package io.collapsewatch.agent.recording;

import io.collapsewatch.agent.capture.CaptureIntake;
import io.collapsewatch.agent.capture.DropReason;
import io.collapsewatch.agent.publish.CaptureSink;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureException;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * Sends recorded captures through an intake of its own, those of several files (ranks of a run) in
 * the order of their times. The intake's clock is the recorded time, so its sampling is the same
 * however fast the captures are sent.
 */
public final class Replay {

  private static final long NANOS_PER_MS = 1_000_000;

  private final List<Path> files;
  private final OptionalDouble speed;
  private final CaptureSink sink;
  private CaptureIntake intake;
  private long nowMs;
  private long open;
  private long captures;
  private long refused;
  private Optional<String> refusal = Optional.empty();

  /** The next entry of a file. */
  private record Head(int file, Recording recording, Recording.Entry entry) {}

  /**
   * What was done.
   *
   * @param captures whole entries of all files
   * @param refused how many of them were refused
   * @param refusal the first reason for that, one sentence
   * @param sampledRows rows of live batches that were sent
   * @param leftOutRows rows of live batches that the sampling left out
   * @param lost messages that Kafka did not take in the end
   * @param truncated names of the files that ended within an entry
   */
  public record Result(
      long captures,
      long refused,
      Optional<String> refusal,
      long sampledRows,
      long leftOutRows,
      long lost,
      List<String> truncated) {

    public Result {
      truncated = List.copyOf(truncated);
    }
  }

  /**
   * @param files recordings
   * @param speed how many times as fast as recorded; absent: as fast as the sink takes it
   * @param sink where captures go; not closed here
   */
  public Replay(List<Path> files, OptionalDouble speed, CaptureSink sink) {
    this.files = List.copyOf(files);
    this.speed = speed;
    this.sink = sink;
  }

  /**
   * Sends everything and waits until nothing of it is open any more.
   *
   * @throws UnreadableRecordingException if a file is no recording, before anything is sent
   */
  public Result run() throws InterruptedException {
    RecordedPace pace = RecordedPace.of(files);
    List<Recording> recordings = files.stream().map(Recording::open).toList();
    try {
      sendAll(recordings, pace);
      awaitSettled();
      return result(recordings);
    } finally {
      recordings.forEach(Recording::close);
    }
  }

  private void sendAll(List<Recording> recordings, RecordedPace pace) throws InterruptedException {
    PriorityQueue<Head> heads =
        new PriorityQueue<>(
            Comparator.comparingLong((Head head) -> head.entry().timeMs())
                .thenComparingInt(Head::file));
    for (int i = 0; i < recordings.size(); i++) {
      advance(i, recordings.get(i), heads);
    }
    long beginMs = heads.isEmpty() ? 0 : heads.peek().entry().timeMs();
    long beginNanos = System.nanoTime();
    nowMs = beginMs;
    intake = new CaptureIntake(sink, () -> (nowMs - beginMs) * NANOS_PER_MS);
    for (Head head = heads.poll(); head != null; head = heads.poll()) {
      // A clock that was set back does not make the recorded time go back.
      nowMs = Math.max(nowMs, head.entry().timeMs());
      await(nowMs - beginMs, beginNanos);
      send(head.entry(), pace);
      advance(head.file(), head.recording(), heads);
    }
  }

  private static void advance(int file, Recording recording, PriorityQueue<Head> heads) {
    recording.next().ifPresent(entry -> heads.add(new Head(file, recording, entry)));
  }

  private void await(long recordedMs, long beginNanos) throws InterruptedException {
    if (speed.isPresent()) {
      double due = recordedMs * NANOS_PER_MS / speed.getAsDouble();
      TimeUnit.NANOSECONDS.sleep((long) due - (System.nanoTime() - beginNanos));
    }
  }

  private void send(Recording.Entry entry, RecordedPace pace) throws InterruptedException {
    captures++;
    open(1);
    try {
      Capture capture = pace.complete(CaptureCodec.decode(entry.blob()));
      intake.acceptWaiting(capture, () -> open(-1));
    } catch (CaptureException e) {
      open(-1);
      refused++;
      refusal = refusal.or(() -> Optional.of(e.getMessage()));
    }
  }

  private synchronized void open(int more) {
    open += more;
    notifyAll();
  }

  private synchronized void awaitSettled() throws InterruptedException {
    while (open > 0) {
      wait();
    }
  }

  private Result result(List<Recording> recordings) {
    List<String> truncated = new ArrayList<>();
    for (int i = 0; i < recordings.size(); i++) {
      if (recordings.get(i).truncated()) {
        truncated.add(files.get(i).toString());
      }
    }
    return new Result(
        captures,
        refused,
        refusal,
        intake.counts().sampledRows(),
        intake.counts().leftOutRows(),
        intake.counts().dropped(DropReason.KAFKA_FAILED),
        truncated);
  }
}
