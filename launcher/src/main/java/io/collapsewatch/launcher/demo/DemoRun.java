package io.collapsewatch.launcher.demo;

import io.collapsewatch.protocol.RunSettings;
import java.util.List;

/**
 * A network of the demo and its name.
 *
 * @param name id of the run
 * @param widths of the hidden layers; the last one is d
 * @param batchNorm whether each hidden layer is batch-normalised
 * @param loss what is minimised, beside the weight decay
 * @param lossScale factor in front of it
 * @param learningRate at first
 * @param weightDecay of all parameters
 */
public record DemoRun(
    String name,
    List<Integer> widths,
    boolean batchNorm,
    RunSettings.Loss loss,
    double lossScale,
    double learningRate,
    double weightDecay) {

  private static final List<Integer> DEEP = List.of(256, 256, 256, 64);

  /** Collapses: its nc1 in evaluation mode is about 0.02 after 60 epochs. */
  public static final DemoRun BATCHNORM = crossEntropy("digits-batchnorm", DEEP, true);

  /** Reaches accuracy 1 and does not collapse: its nc1 stays near 0.5. */
  public static final DemoRun PLAIN = crossEntropy("digits-plain", List.of(256, 64), false);

  /** Collapses faster and further, under the square loss. */
  public static final DemoRun SQUARE =
      new DemoRun("digits-square", DEEP, true, RunSettings.Loss.MSE, 10, 0.02, 5e-3);

  /**
   * Half an epoch. The digits take a few hundred steps a second; a window that is renewed by the
   * clock would span thousands of them and mix features of the beginning and the end.
   */
  private static final int REPORT_STEPS = 14;

  private static DemoRun crossEntropy(String name, List<Integer> widths, boolean batchNorm) {
    return new DemoRun(name, widths, batchNorm, RunSettings.Loss.CROSS_ENTROPY, 1, 0.05, 5e-4);
  }

  /**
   * The runs of a demo, in the order in which they are shown.
   *
   * @param squareLoss whether there is one under the square loss
   */
  public static List<DemoRun> all(boolean squareLoss) {
    return squareLoss ? List.of(BATCHNORM, PLAIN, SQUARE) : List.of(BATCHNORM, PLAIN);
  }

  /** What the run says of itself. */
  public RunSettings settings() {
    RunSettings.Builder settings =
        RunSettings.builder()
            .classes(Digits.CLASSES)
            .dim(widths.get(widths.size() - 1))
            .loss(loss)
            .optimizer("sgd")
            .bias(true)
            .weightDecay(weightDecay)
            .classCounts(Digits.load().classCounts())
            .batchNorm(batchNorm)
            .reportEverySteps(REPORT_STEPS);
    return lossScale == 1 ? settings.build() : settings.lossScale(lossScale).build();
  }

  /** What a batch with logits [B][K] and labels [B] loses. */
  BatchLoss lossOf(float[][] logits, int[] labels) {
    return switch (loss) {
      case CROSS_ENTROPY -> CrossEntropy.of(logits, labels).times(lossScale);
      case MSE -> SquareLoss.of(logits, labels).times(lossScale);
    };
  }
}
