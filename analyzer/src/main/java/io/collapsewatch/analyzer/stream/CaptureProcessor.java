package io.collapsewatch.analyzer.stream;

import io.collapsewatch.analyzer.window.CapturedClassifier;
import io.collapsewatch.analyzer.window.ReportWriter;
import io.collapsewatch.analyzer.window.RunState;
import io.collapsewatch.analyzer.window.Sample;
import io.collapsewatch.analyzer.window.WindowId;
import io.collapsewatch.analyzer.window.WindowState;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.TrainingStats;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.WindowSize;
import io.collapsewatch.protocol.codec.CaptureCodec;
import io.collapsewatch.protocol.codec.ReportJson;
import io.collapsewatch.protocol.codec.RunStatusJson;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Takes one capture after the other and sends the reports that it makes due. Everything is checked
 * before anything is changed: a capture that is refused leaves no trace but its dead letter.
 */
final class CaptureProcessor implements Processor<String, byte[], String, byte[]> {

  /** What a run that has been silent for this long has not reported is reported as it is. */
  private static final Duration SILENT_AFTER = Duration.ofMinutes(10);

  /** A run that has been silent for this long is forgotten, and begins anew if it comes back. */
  private static final Duration FORGET_AFTER = Duration.ofHours(24);

  private static final String RESTARTED = "the run was restarted";
  private static final String SILENT =
      "the run has been silent for %d minutes".formatted(SILENT_AFTER.toMinutes());

  private final long snapshotBytes;
  private ProcessorContext<String, byte[]> context;
  private KeyValueStore<String, RunState> runs;
  private RollingWindows rolling;
  private Classifiers classifiers;
  private SnapshotPasses passes;

  /** When each run was last heard of here, by the clock: silence has no record to stamp it. */
  private final Map<String, Long> lastHeard = new HashMap<>();

  CaptureProcessor(long snapshotBytes) {
    this.snapshotBytes = snapshotBytes;
  }

  @Override
  public void init(ProcessorContext<String, byte[]> newContext) {
    context = newContext;
    runs = context.getStateStore(Stores.RUNS);
    rolling =
        new RollingWindows(
            context.getStateStore(Stores.WINDOWS), context.getStateStore(Stores.SAMPLES));
    classifiers =
        new Classifiers(
            context.getStateStore(Stores.CLASSIFIERS), context.getStateStore(Stores.BLOBS));
    passes =
        new SnapshotPasses(
            context.getStateStore(Stores.PASSES),
            context.getStateStore(Stores.BLOBS),
            classifiers,
            snapshotBytes);
    try (KeyValueIterator<String, RunState> known = runs.all()) {
      known.forEachRemaining(run -> lastHeard.put(run.key, context.currentSystemTimeMs()));
    }
    context.schedule(Duration.ofMinutes(1), PunctuationType.WALL_CLOCK_TIME, this::noticeSilence);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    Capture capture = decode(record);
    String id = capture.header().run();
    int attempt = capture.header().attempt();
    RunState before = known(id);
    if (attempt < before.attempt()
        || (attempt == before.attempt() && before.repeats(capture.header()))) {
      return;
    }
    boolean anew = attempt > before.attempt() || before.begunAnewBy(capture);
    RunState run = (anew ? before.atAttempt(attempt) : before).after(capture, record.timestamp());
    if (anew) {
      send(id, record.timestamp(), passes.closeAll(id, before, record.timestamp(), RESTARTED));
      forgetWindows(id);
    }
    lastHeard.put(id, context.currentSystemTimeMs());
    // Before the work that may fail: the capture that it fails on must not be taken a second time.
    runs.put(id, run);
    RunState after = take(capture, run, record);
    runs.put(id, after);
    if (tellsMore(before, after)) {
      tell(id, after);
    }
  }

  private RunState known(String id) {
    RunState run = runs.get(id);
    return run == null ? RunState.UNKNOWN : run;
  }

  private void tell(String id, RunState run) {
    byte[] status = RunStatusJson.encode(run.status(id));
    context.forward(new Record<>(id, status, run.lastTimestampMs()), CaptureTopology.STATUS);
  }

  /** Whether readers should hear of a run again. */
  private static boolean tellsMore(RunState before, RunState after) {
    return before.attempt() != after.attempt()
        || !before.phase().equals(after.phase())
        || !before.settings().equals(after.settings())
        || !before.shape().equals(after.shape());
  }

  private static Capture decode(Record<String, byte[]> record) {
    if (record.value() == null) {
      throw new MalformedCaptureException("the record has no value; expected a capture");
    }
    Capture capture = CaptureCodec.decode(ByteBuffer.wrap(record.value()));
    String run = capture.header().run();
    if (!run.equals(record.key())) {
      throw new MalformedCaptureException(
          "the record's key is %s and its capture is of run %s; expected the run's id as the key"
              .formatted(
                  record.key() == null ? "absent" : Printable.quote(record.key()),
                  Printable.quote(run)));
    }
    return capture;
  }

  /** Takes a capture; the state of its run afterwards. */
  private RunState take(Capture capture, RunState run, Record<String, byte[]> record) {
    String id = capture.header().run();
    if (capture instanceof FeatureBatch batch && batch.header().snapshot().isPresent()) {
      passes
          .add(batch, record.value(), run, record.timestamp())
          .ifPresent(report -> send(id, record.timestamp(), List.of(report)));
    } else if (capture instanceof FeatureBatch batch) {
      return takeLive(batch, run, record.timestamp());
    } else if (capture instanceof ClassifierSnapshot classifier) {
      takeClassifier(classifier, record.value());
    } else if (capture instanceof TrainingStats stats) {
      stats.margins().ifPresent(margins -> rolling.add(WindowId.of(stats.header()), margins));
    } else if (capture instanceof RunEnded end) {
      return takeEnd(end, run, record.timestamp());
    }
    return run;
  }

  /**
   * All ranks have the same weights, but not at the same time: with those of one, a report does not
   * depend on which rank was faster.
   */
  private void takeClassifier(ClassifierSnapshot classifier, byte[] bytes) {
    CaptureHeader header = classifier.header();
    if (header.rank() == 0) {
      classifiers.add(classifier, bytes, rolling.newestSteps(header.run(), header.layer()));
    }
  }

  private RunState takeLive(FeatureBatch batch, RunState run, long timestampMs) {
    WindowId id = WindowId.of(batch.header());
    rolling.add(batch, samplesPerClass(id, run), timestampMs);
    WindowState window = rolling.state(id);
    boolean due =
        window.schedule().orElseThrow().due(window.newestStep(), run.settings().reportEverySteps());
    return due && batch.header().lastPart() ? report(id, run, timestampMs) : run;
  }

  private RunState takeEnd(RunEnded end, RunState run, long timestampMs) {
    String id = end.header().run();
    RunState after = reportTheRest(id, run, timestampMs);
    int ranks = end.header().worldSize();
    if (!run.ended(ranks)) {
      return after;
    }
    send(id, timestampMs, passes.closeAll(id, run, timestampMs, "the run ended"));
    forgetWindows(id);
    return after.in(after.phase().ended(after.newestStep(), ranks, timestampMs));
  }

  private RunState reportTheRest(String id, RunState run, long timestampMs) {
    RunState after = run;
    for (WindowId window : rolling.ofRun(id)) {
      if (rolling.state(window).unreported()) {
        after = report(window, after, timestampMs);
      }
    }
    return after;
  }

  private RunState report(WindowId id, RunState run, long timestampMs) {
    WindowState window = rolling.state(id);
    List<Sample> samples = rolling.samples(id);
    rolling.reported(id);
    Optional<CapturedClassifier> classifier = classifiers.upTo(id, window.newestStep());
    int classes = run.shape().classesAtLeast();
    long capacity = (long) classes * samplesPerClass(id, run);
    WindowReport report =
        new ReportWriter(id, run, classifier, timestampMs).rolling(window, samples, capacity);
    send(id.run(), timestampMs, List.of(report));
    return run.in(run.phase().after(report, classes));
  }

  private static int samplesPerClass(WindowId id, RunState run) {
    int dim = run.shape().dim(id.layer()).orElseThrow();
    return WindowSize.samplesPerClass(run.shape().classesAtLeast(), dim);
  }

  private void send(String run, long timestampMs, List<WindowReport> reports) {
    for (WindowReport report : reports) {
      byte[] json = requireFit(ReportJson.encode(report));
      context.forward(new Record<>(run, json, timestampMs), CaptureTopology.REPORTS);
    }
  }

  /**
   * The limits of a capture keep reports small; one that is not would abort its transaction for
   * ever.
   */
  private static byte[] requireFit(byte[] report) {
    if (report.length > Limits.RECORD_BYTES) {
      throw new IllegalStateException(
          "a report of %d bytes; expected at most %d"
              .formatted(report.length, Limits.RECORD_BYTES));
    }
    return report;
  }

  private void noticeSilence(long nowMs) {
    for (Map.Entry<String, Long> heard : List.copyOf(lastHeard.entrySet())) {
      long silentMs = nowMs - heard.getValue();
      if (silentMs > SILENT_AFTER.toMillis()) {
        reportAsItIs(heard.getKey());
      }
      if (silentMs > FORGET_AFTER.toMillis()) {
        forget(heard.getKey());
      }
    }
  }

  private void reportAsItIs(String id) {
    RunState run = known(id);
    long timestampMs = run.lastTimestampMs();
    RunState after = reportTheRest(id, run, timestampMs);
    runs.put(id, after);
    send(id, timestampMs, passes.closeAll(id, after, timestampMs, SILENT));
  }

  private void forget(String run) {
    forgetWindows(run);
    runs.delete(run);
    lastHeard.remove(run);
  }

  private void forgetWindows(String run) {
    rolling.forget(run);
    passes.forget(run);
    classifiers.forget(run);
  }
}
