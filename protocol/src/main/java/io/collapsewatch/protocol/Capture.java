package io.collapsewatch.protocol;

/**
 * One message from a training process. A capture that exists is well formed: its shapes fit each
 * other and its numbers are finite. Whether it fits its run is for {@link RunShape}.
 */
public sealed interface Capture
    permits RunStarted, FeatureBatch, ClassifierSnapshot, TrainingStats, RunEnded {

  /** Whose message this is and where it belongs. */
  CaptureHeader header();
}
