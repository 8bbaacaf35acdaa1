package io.collapsewatch.launcher.demo;

import io.collapsewatch.protocol.RunSettings;
import java.util.List;

/**
 * A network of the demo and its name.
 *
 * @param name id of the run
 * @param widths of the hidden layers; the last one is d
 * @param batchNorm whether each hidden layer is batch-normalised
 */
public record DemoRun(String name, List<Integer> widths, boolean batchNorm) {

  /** Collapses: its nc1 in evaluation mode is about 0.02 after 60 epochs. */
  public static final DemoRun BATCHNORM =
      new DemoRun("digits-batchnorm", List.of(256, 256, 256, 64), true);

  /** Reaches accuracy 1 and does not collapse: its nc1 stays near 0.5. */
  public static final DemoRun PLAIN = new DemoRun("digits-plain", List.of(256, 64), false);

  /** Both, in the order in which they are shown. */
  public static final List<DemoRun> ALL = List.of(BATCHNORM, PLAIN);

  static final double WEIGHT_DECAY = 5e-4;

  /**
   * Half an epoch. The digits take a few hundred steps a second; a window that is renewed by the
   * clock would span thousands of them and mix features of the beginning and the end.
   */
  private static final int REPORT_STEPS = 14;

  /** What the run says of itself. */
  public RunSettings settings() {
    return RunSettings.builder()
        .classes(Digits.CLASSES)
        .dim(widths.get(widths.size() - 1))
        .loss(RunSettings.Loss.CROSS_ENTROPY)
        .optimizer("sgd")
        .bias(true)
        .weightDecay(WEIGHT_DECAY)
        .classCounts(Digits.load().classCounts())
        .batchNorm(batchNorm)
        .reportEverySteps(REPORT_STEPS)
        .build();
  }
}
