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
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.TrainingStats;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.WindowSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** The rolling windows, passes and classifiers of the runs of a partition: captures to reports. */
final class RunWindows {

  private static final String RUN_ENDED = "the run ended";

  private final RollingWindows rolling;
  private final Classifiers classifiers;
  private final SnapshotPasses passes;

  /**
   * @param snapshotBytes how many bytes of a pass are held
   */
  RunWindows(ProcessorContext<String, byte[]> context, long snapshotBytes) {
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
  }

  /**
   * Takes a capture; the reports that it makes due.
   *
   * @param bytes as it came
   * @param run the state of its run, the capture included
   */
  List<WindowReport> take(Capture capture, byte[] bytes, RunState run, long timestampMs) {
    if (capture instanceof FeatureBatch batch) {
      return (batch.header().snapshot().isPresent()
              ? passes.add(batch, bytes, run, timestampMs)
              : takeLive(batch, run, timestampMs))
          .map(List::of)
          .orElse(List.of());
    }
    if (capture instanceof ClassifierSnapshot classifier) {
      takeClassifier(classifier, bytes);
    } else if (capture instanceof TrainingStats stats) {
      stats.margins().ifPresent(margins -> rolling.add(WindowId.of(stats.header()), margins));
    } else if (capture instanceof RunEnded end) {
      return takeEnd(end, run, timestampMs);
    }
    return List.of();
  }

  private Optional<WindowReport> takeLive(FeatureBatch batch, RunState run, long timestampMs) {
    WindowId id = WindowId.of(batch.header());
    rolling.add(batch, samplesPerClass(id, run), timestampMs);
    WindowState window = rolling.state(id);
    boolean due =
        window.schedule().orElseThrow().due(window.newestStep(), run.settings().reportEverySteps());
    return due && batch.header().lastPart()
        ? Optional.of(report(id, run, timestampMs))
        : Optional.empty();
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

  private List<WindowReport> takeEnd(RunEnded end, RunState run, long timestampMs) {
    String id = end.header().run();
    if (!run.ended(end.header().worldSize())) {
      return unreported(id, run, timestampMs);
    }
    List<WindowReport> last = close(id, run, timestampMs, RUN_ENDED);
    forget(id);
    return last;
  }

  /** All that there is to report, of windows and of passes that are under way. */
  List<WindowReport> close(String id, RunState run, long timestampMs, String why) {
    List<WindowReport> last = new ArrayList<>(unreported(id, run, timestampMs));
    last.addAll(closePasses(id, run, timestampMs, why));
    return last;
  }

  /** The passes that are under way, as they are. */
  List<WindowReport> closePasses(String id, RunState run, long timestampMs, String why) {
    return passes.closeAll(id, run, timestampMs, why);
  }

  private List<WindowReport> unreported(String id, RunState run, long timestampMs) {
    return rolling.ofRun(id).stream()
        .filter(window -> rolling.state(window).unreported())
        .map(window -> report(window, run, timestampMs))
        .toList();
  }

  private WindowReport report(WindowId id, RunState run, long timestampMs) {
    WindowState window = rolling.state(id);
    List<Sample> samples = rolling.samples(id);
    rolling.reported(id);
    Optional<CapturedClassifier> classifier = classifiers.upTo(id, window.newestStep());
    long capacity = (long) run.shape().classesAtLeast() * samplesPerClass(id, run);
    return new ReportWriter(id, run, classifier, timestampMs).rolling(window, samples, capacity);
  }

  private static int samplesPerClass(WindowId id, RunState run) {
    int dim = run.shape().dim(id.layer()).orElseThrow();
    return WindowSize.samplesPerClass(run.shape().classesAtLeast(), dim);
  }

  /** Forgets everything of a run. */
  void forget(String run) {
    rolling.forget(run);
    passes.forget(run);
    classifiers.forget(run);
  }
}
