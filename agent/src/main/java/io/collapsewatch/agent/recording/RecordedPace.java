package io.collapsewatch.agent.recording;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureException;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many steps a second the live batches of each run came while they were recorded. The analyzer
 * settles the interval between reports from the times at which captures are appended to Kafka,
 * which are those of the replay; so a run that does not ask for an interval is given one.
 */
final class RecordedPace {

  private static final double MS_PER_SECOND = 1000;

  private final Map<Attempt, Span> spans = new HashMap<>();

  private record Attempt(String run, int number) {
    static Attempt of(CaptureHeader header) {
      return new Attempt(header.run(), header.attempt());
    }
  }

  private record Span(long firstStep, long lastStep, long firstMs, long lastMs) {
    Span and(Span other) {
      return new Span(
          Math.min(firstStep, other.firstStep),
          Math.max(lastStep, other.lastStep),
          Math.min(firstMs, other.firstMs),
          Math.max(lastMs, other.lastMs));
    }

    /** Of about one second, at least 1. */
    long steps() {
      double ms = Math.max(1, lastMs - firstMs);
      return Math.max(1, Math.round((lastStep - firstStep) * MS_PER_SECOND / ms));
    }
  }

  private RecordedPace() {}

  /** Reads the files once, before they are replayed. */
  static RecordedPace of(List<Path> files) {
    RecordedPace pace = new RecordedPace();
    for (Path file : files) {
      try (Recording recording = Recording.open(file)) {
        for (var entry = recording.next(); entry.isPresent(); entry = recording.next()) {
          pace.add(entry.get());
        }
      }
    }
    return pace;
  }

  private void add(Recording.Entry entry) {
    try {
      Capture capture = CaptureCodec.decode(entry.blob());
      if (capture instanceof FeatureBatch batch && batch.header().snapshot().isEmpty()) {
        long step = batch.header().step();
        Span here = new Span(step, step, entry.timeMs(), entry.timeMs());
        spans.merge(Attempt.of(batch.header()), here, Span::and);
      }
    } catch (CaptureException e) {
      // Refused when it is replayed, where that is said.
    }
  }

  /** The capture, or for a run that does not ask for an interval the same with one. */
  Capture complete(Capture capture) {
    Optional<Span> span = Optional.ofNullable(spans.get(Attempt.of(capture.header())));
    if (!(capture instanceof RunStarted started) || span.isEmpty()) {
      return capture;
    }
    RunSettings paced = RunSettings.builder().reportEverySteps(span.get().steps()).build();
    return new RunStarted(started.header(), started.settings().over(paced));
  }
}
