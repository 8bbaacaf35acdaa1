package io.collapsewatch.analyzer.stream;

import io.collapsewatch.analyzer.alert.Judgement;
import io.collapsewatch.analyzer.alert.ModelFit;
import io.collapsewatch.analyzer.alert.RunJudge;
import io.collapsewatch.analyzer.compare.CurveFitting;
import io.collapsewatch.analyzer.compare.Fitted;
import io.collapsewatch.analyzer.window.RunState;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
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

  private static final Duration EVERY_SECOND = Duration.ofSeconds(1);
  private static final Duration EVERY_MINUTE = Duration.ofMinutes(1);

  private static final String RESTARTED = "the run was restarted";
  private static final String SILENT =
      "the run has been silent for %d minutes".formatted(SILENT_AFTER.toMinutes());

  private final AnalysisSettings settings;
  private ProcessorContext<String, byte[]> context;
  private Outlets outlets;
  private KeyValueStore<String, RunState> runs;
  private LastHeard lastHeard;
  private RunWindows windows;
  private Standings standings;
  private FittedCurves curves;

  CaptureProcessor(AnalysisSettings settings) {
    this.settings = settings;
  }

  @Override
  public void init(ProcessorContext<String, byte[]> newContext) {
    context = newContext;
    outlets = new Outlets(context);
    runs = context.getStateStore(Stores.RUNS);
    windows = new RunWindows(context, settings.snapshotBytes());
    standings =
        new Standings(
            context.getStateStore(Stores.JUDGEMENTS),
            new RunJudge(settings.judge()),
            outlets,
            context::currentSystemTimeMs);
    curves = new FittedCurves(new CurveFitting());
    long nowMs = context.currentSystemTimeMs();
    lastHeard = new LastHeard(settings.silentAfter(), nowMs);
    try (KeyValueIterator<String, RunState> known = runs.all()) {
      known.forEachRemaining(run -> lastHeard.note(run.key, run.value, nowMs, nowMs));
    }
    context.schedule(EVERY_SECOND, PunctuationType.WALL_CLOCK_TIME, this::everySecond);
    context.schedule(EVERY_MINUTE, PunctuationType.WALL_CLOCK_TIME, this::noticeSilence);
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
      closeAttempt(id, before, record.timestamp());
    }
    Judgement judged = standings.of(id);
    Judgement begun = judged.begun(record.timestamp()).heard(record.timestamp());
    // Before the work that may fail: the capture that it fails on must not be taken a second time.
    runs.put(id, run);
    lastHeard.note(id, run, record.timestamp(), context.currentSystemTimeMs());
    List<WindowReport> reports = windows.take(capture, record.value(), run, record.timestamp());
    Judgement after = ended(capture, run, report(reports, run, begun), record.timestamp());
    boolean more = anew || tellsMore(before, run);
    standings.change(id, run, judged, after, more, record.timestamp());
  }

  private RunState known(String id) {
    RunState run = runs.get(id);
    return run == null ? RunState.UNKNOWN : run;
  }

  private void closeAttempt(String id, RunState before, long timestampMs) {
    windows.closePasses(id, before, timestampMs, RESTARTED).forEach(outlets::report);
    standings.forget(id, before, timestampMs);
    windows.forget(id);
    curves.forget(id);
  }

  private static Judgement ended(
      Capture capture, RunState run, Judgement judged, long timestampMs) {
    int ranks = capture.header().worldSize();
    return capture instanceof RunEnded && run.ended(ranks)
        ? judged.ended(run.newestStep(), ranks, timestampMs)
        : judged;
  }

  /** Sends reports; how their run stands with them. */
  private Judgement report(List<WindowReport> reports, RunState run, Judgement judged) {
    Judgement after = judged;
    for (WindowReport report : reports) {
      outlets.report(report);
      Judgement before = after;
      after = standings.judged(before, report, run);
      curves.ask(before, after, report, run);
    }
    return after;
  }

  /** Whether readers should hear of a run again for what it is, however it stands. */
  private static boolean tellsMore(RunState before, RunState after) {
    return before.attempt() != after.attempt()
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

  private void everySecond(long nowMs) {
    curves.fitted().forEach(this::takeCurve);
    lastHeard.tick(nowMs);
    lastHeard.newlyOverdue().forEach((id, heard) -> fallSilent(id, heard, nowMs));
  }

  private void takeCurve(Fitted fitted) {
    String id = fitted.curve().run();
    RunState run = known(id);
    if (fitted.curve().attempt() == run.attempt()) {
      outlets.curve(fitted.curve());
      Judgement judged = standings.of(id);
      Judgement after = judged.withModel(floor(fitted));
      standings.change(id, run, judged, after, false, fitted.curve().timestampMs());
    }
  }

  /** A curve that explains no more than a horizontal line sets no floor. */
  private static Optional<ModelFit> floor(Fitted fitted) {
    return fitted.curve().explains()
        ? Optional.of(new ModelFit(fitted.nc1(), fitted.curve().residual()))
        : Optional.empty();
  }

  private void fallSilent(String id, LastHeard.Heard heard, long nowMs) {
    RunState run = known(id);
    Judgement judged = standings.of(id);
    Judgement after = judged.silent(heard.atMs(), nowMs, heard.promisedSeconds());
    standings.change(id, run, judged, after, false, nowMs);
  }

  private void noticeSilence(long nowMs) {
    lastHeard.silentFor(SILENT_AFTER, nowMs).forEach(this::reportAsItIs);
    lastHeard.silentFor(FORGET_AFTER, nowMs).forEach(id -> forget(id, nowMs));
  }

  private void reportAsItIs(String id) {
    RunState run = known(id);
    long timestampMs = run.lastTimestampMs();
    Judgement judged = standings.of(id);
    List<WindowReport> reports = windows.close(id, run, timestampMs, SILENT);
    Judgement after = report(reports, run, judged).asSilentAs(judged);
    standings.change(id, run, judged, after, false, timestampMs);
  }

  private void forget(String id, long nowMs) {
    standings.forget(id, known(id), nowMs);
    windows.forget(id);
    curves.forget(id);
    runs.delete(id);
    lastHeard.forget(id);
  }

  @Override
  public void close() {
    if (curves != null) {
      curves.close();
    }
  }
}
