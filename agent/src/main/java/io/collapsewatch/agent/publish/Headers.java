package io.collapsewatch.agent.publish;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.TrainingStats;

/** The same capture under another header. */
public final class Headers {

  private Headers() {}

  public static Capture replace(Capture capture, CaptureHeader header) {
    if (capture instanceof FeatureBatch batch) {
      return batch.slice(header, 0, batch.rows());
    }
    if (capture instanceof ClassifierSnapshot classifier) {
      return classifier.slice(header, 0, classifier.weight().rows());
    }
    if (capture instanceof TrainingStats stats) {
      return new TrainingStats(
          header,
          stats.loss(),
          stats.accuracy(),
          stats.learningRate(),
          stats.weightDecay(),
          stats.layerNorms(),
          stats.margins());
    }
    if (capture instanceof RunStarted started) {
      return new RunStarted(header, started.settings());
    }
    return new RunEnded(header);
  }
}
