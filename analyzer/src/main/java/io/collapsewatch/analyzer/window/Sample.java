package io.collapsewatch.analyzer.window;

import io.collapsewatch.protocol.Tensor;
import java.util.Optional;

/**
 * One sample in a rolling window.
 *
 * @param arrival its place among all samples the window ever took; orders the samples of a class
 * @param step the step it was captured at
 * @param label its class
 * @param features [d], in the type they were captured in
 * @param captured what the network made of it then, where that was captured
 */
public record Sample(
    long arrival, long step, int label, Tensor features, Optional<Captured> captured) {

  /**
   * What the network made of a sample at the moment of capture.
   *
   * @param margin in units of the logits
   * @param prediction class of the largest logit
   */
  public record Captured(double margin, int prediction) {}
}
