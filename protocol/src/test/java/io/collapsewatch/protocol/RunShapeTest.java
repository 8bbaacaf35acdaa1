package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RunShapeTest {

  private static final CaptureHeader HEADER = CaptureHeader.of("r", 0);
  private static final RunShape KNOWN = RunShape.UNKNOWN.accept(classifier(3, 2));

  @Test
  void isLearntFromTheFirstMessageThatSaysIt() {
    assertThat(KNOWN.classes()).hasValue(3);
    assertThat(KNOWN.dim("penultimate")).hasValue(2);
    assertThat(KNOWN.dim("block-1")).isEmpty();
    assertThat(RunShape.UNKNOWN.accept(batch(2, 7)).classes()).isEmpty();
    RunSettings settings = RunSettings.builder().classes(5).dim(9).build();
    assertThat(RunShape.UNKNOWN.accept(new RunStarted(HEADER, settings)))
        .isEqualTo(RunShape.UNKNOWN.accept(classifier(5, 9)));
  }

  @Test
  void whatFitsLeavesItAsItIs() {
    RunShape seen = KNOWN.accept(batch(2, 2));
    assertThat(seen.accept(batch(2, 1))).isEqualTo(seen);
    assertThat(KNOWN.accept(new RunEnded(HEADER))).isEqualTo(KNOWN);
    assertThat(KNOWN.accept(new RunStarted(HEADER, RunSettings.NONE))).isEqualTo(KNOWN);
  }

  @Test
  void anotherLayerMayHaveAnotherWidth() {
    FeatureBatch other =
        FeatureBatch.of(
            HEADER.withSource("train", "block-1"),
            Tensor.ofFloats(new float[5], 1, 5),
            Tensor.ofInts(new int[] {0}, 1));
    assertThat(KNOWN.accept(other).dim("block-1")).hasValue(5);
  }

  @Test
  void anotherNumberOfClassesIsRefused() {
    assertRefused(
        () -> KNOWN.accept(classifier(4, 2)),
        "weight has 4 classes and the run has 3; a run keeps its number of classes");
    RunSettings settings = RunSettings.builder().classes(2).build();
    assertRefused(
        () -> KNOWN.accept(new RunStarted(HEADER, settings)),
        "the run message has 2 classes and the run has 3; a run keeps its number of classes");
  }

  @Test
  void anotherWidthIsRefused() {
    assertRefused(
        () -> KNOWN.accept(batch(3, 0)),
        "features is 3 wide and layer penultimate of the run is 2 wide; a layer keeps its width");
    assertRefused(
        () -> RunShape.UNKNOWN.accept(batch(Limits.DIM + 1, 0)),
        "features is 65537 wide; expected at most 65536");
  }

  @Test
  void aSizeThatCannotBeMeasuredIsRefused() {
    RunShape wide = RunShape.UNKNOWN.accept(batch(Limits.DIM, 0));
    RunSettings settings = RunSettings.builder().classes(257).build();
    assertRefused(
        () -> wide.accept(new RunStarted(HEADER, settings)),
        "257 classes and layer penultimate of width 65536 are more than can be measured;"
            + " expected classes times width of at most 4194304");
  }

  @Test
  void aLayerTooManyIsRefused() {
    RunShape shape = RunShape.UNKNOWN;
    for (int i = 0; i < Limits.LAYERS; i++) {
      shape = shape.accept(batchOf("layer" + i));
    }
    RunShape full = shape;
    assertThat(full.accept(batchOf("layer0"))).isEqualTo(full);
    assertRefused(
        () -> full.accept(batchOf("one-more")),
        "layer one-more would be one more than the 64 that a run may have");
  }

  private static FeatureBatch batchOf(String layer) {
    return FeatureBatch.of(
        HEADER.withSource("train", layer),
        Tensor.ofFloats(new float[5], 1, 5),
        Tensor.ofInts(new int[] {0}, 1));
  }

  @Test
  void aWindowTooManyIsRefused() {
    RunShape shape = RunShape.UNKNOWN;
    for (int i = 0; i < Limits.WINDOWS; i++) {
      shape = shape.accept(batchOfSplit("split" + i));
    }
    RunShape full = shape;
    assertThat(full.accept(batchOfSplit("split0"))).isEqualTo(full);
    assertRefused(
        () -> full.accept(batchOfSplit("one-more")),
        "split one-more with layer penultimate would be one more than the 64 pairs of split and"
            + " layer that a run may have");
    TrainingStats margins =
        TrainingStats.ofMargins(
            HEADER.withSource("two-more", "penultimate"), MarginStatistics.of(new double[] {1}, 1));
    assertRefused(
        () -> full.accept(margins),
        "split two-more with layer penultimate would be one more than the 64 pairs of split and"
            + " layer that a run may have");
  }

  private static FeatureBatch batchOfSplit(String split) {
    return FeatureBatch.of(
        HEADER.withSource(split, "penultimate"),
        Tensor.ofFloats(new float[5], 1, 5),
        Tensor.ofInts(new int[] {0}, 1));
  }

  @Test
  void fewerClassesThanLabelsHaveShownAreRefused() {
    RunShape seen = RunShape.UNKNOWN.accept(batch(2, 7));
    assertThat(seen.classesAtLeast()).isEqualTo(8);
    assertThat(seen.accept(classifier(8, 2)).classesAtLeast()).isEqualTo(8);
    assertRefused(
        () -> seen.accept(classifier(7, 2)),
        "weight has 7 classes and the run has had label 7; expected more classes than that");
  }

  @Test
  void aClassOutsideTheRunIsRefused() {
    assertRefused(() -> KNOWN.accept(batch(2, 3)), "label 3 in row 0; expected a class in 0..2");
    FeatureBatch predicted =
        new FeatureBatch(
            HEADER,
            Tensor.ofFloats(new float[2], 1, 2),
            Tensor.ofInts(new int[] {0}, 1),
            Optional.empty(),
            Optional.of(Tensor.ofFloats(new float[] {1}, 1)),
            Optional.of(Tensor.ofInts(new int[] {4}, 1)));
    assertRefused(() -> KNOWN.accept(predicted), "prediction 4 in row 0; expected a class in 0..2");
  }

  private static ClassifierSnapshot classifier(int classes, int dim) {
    return ClassifierSnapshot.of(
        HEADER, Tensor.ofFloats(new float[classes * dim], classes, dim), Optional.empty());
  }

  private static FeatureBatch batch(int dim, int label) {
    return FeatureBatch.of(
        HEADER, Tensor.ofFloats(new float[dim], 1, dim), Tensor.ofInts(new int[] {label}, 1));
  }

  private static void assertRefused(ThrowingCallable call, String sentence) {
    assertThatThrownBy(call).isInstanceOf(MismatchedCaptureException.class).hasMessage(sentence);
  }
}
