package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FeatureBatchTest {

  private static final CaptureHeader HEADER = CaptureHeader.of("r", 0);
  private static final Tensor FEATURES = Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
  private static final Tensor LABELS = Tensor.ofInts(new int[] {0, 1, 2}, 3);

  @Test
  void everythingOfARowStaysTogether() {
    FeatureBatch batch =
        new FeatureBatch(
            HEADER,
            FEATURES,
            LABELS,
            Optional.of(Tensor.ofFloats(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, 3, 3)),
            Optional.of(Tensor.ofFloats(new float[] {.1f, .2f, .3f}, 3)),
            Optional.of(Tensor.ofInts(new int[] {0, 1, 2}, 3)));
    FeatureBatch chosen = batch.select(new int[] {2, 0});
    assertThat(chosen.features()).isEqualTo(Tensor.ofFloats(new float[] {5, 6, 1, 2}, 2, 2));
    assertThat(chosen.label(0)).isEqualTo(2);
    assertThat(chosen.logits()).contains(Tensor.ofFloats(new float[] {0, 0, 1, 1, 0, 0}, 2, 3));
    assertThat(chosen.margins()).contains(Tensor.ofFloats(new float[] {.3f, .1f}, 2));
    assertThat(chosen.predictions()).contains(Tensor.ofInts(new int[] {2, 0}, 2));
    assertThat(batch.slice(HEADER, 0, 1)).isEqualTo(batch.select(new int[] {0}));
  }

  @Test
  void featuresAreAMatrixOfFiniteFloatingPointNumbers() {
    assertRefused(
        () -> FeatureBatch.of(HEADER, Tensor.ofInts(new int[] {1}, 1, 1), LABELS),
        "features is of type I32; expected F64, F32, F16 or BF16");
    assertRefused(
        () -> FeatureBatch.of(HEADER, Tensor.ofFloats(new float[] {1, 2}, 2), LABELS),
        "features is F32[2]; expected a matrix with at least one row and one column");
    assertRefused(
        () -> FeatureBatch.of(HEADER, Tensor.ofFloats(new float[0], 0, 2), LABELS),
        "features is F32[0, 2]; expected a matrix with at least one row and one column");
    assertRefused(
        () ->
            FeatureBatch.of(
                HEADER, Tensor.ofFloats(new float[] {1, 2, Float.NaN, 4}, 2, 2), LABELS),
        "features has the value NaN in row 1; expected finite numbers only");
  }

  @Test
  void labelsAreClassNumbersOnePerRow() {
    assertRefused(
        () -> FeatureBatch.of(HEADER, FEATURES, Tensor.ofFloats(new float[] {0, 1, 2}, 3)),
        "labels is of type F32; expected an integer type");
    assertRefused(
        () -> FeatureBatch.of(HEADER, FEATURES, Tensor.ofInts(new int[] {0, 1}, 2)),
        "labels is I32[2]; expected a vector of 3");
    assertRefused(
        () -> FeatureBatch.of(HEADER, FEATURES, Tensor.ofInts(new int[] {0, -1, 2}, 3)),
        "labels[1] is -1; expected a class in 0..1023");
    Tensor unsigned = Tensor.ofLongs(new long[] {0, 1, -1}, 3);
    assertRefused(
        () ->
            FeatureBatch.of(
                HEADER, FEATURES, new Tensor(DType.U64, new int[] {3}, unsigned.bytes())),
        "labels[2] is 18446744073709551615; expected a class in 0..1023");
  }

  @Test
  void logitsHaveTwoClassesAtLeastAndARowForEachSample() {
    assertRefused(
        () -> withLogits(Tensor.ofFloats(new float[] {1, 2, 3, 4}, 2, 2)),
        "logits has 2 rows and the features have 3; expected as many");
    assertRefused(
        () -> withLogits(Tensor.ofFloats(new float[] {1, 2, 3}, 3, 1)),
        "logits has 1 classes; expected 2..1024");
    assertRefused(
        () -> withLogits(Tensor.ofDoubles(new double[] {1, 2, 3, 4, 5, 1 / 0.0}, 3, 2)),
        "logits has the value Infinity in row 2; expected finite numbers only");
  }

  @Test
  void marginsAndPredictionsComeTogether() {
    assertRefused(
        () ->
            new FeatureBatch(
                HEADER, FEATURES, LABELS, Optional.empty(), Optional.empty(), Optional.of(LABELS)),
        "a batch has margins or predictions without the other; expected both or neither");
  }

  private static FeatureBatch withLogits(Tensor logits) {
    return new FeatureBatch(
        HEADER, FEATURES, LABELS, Optional.of(logits), Optional.empty(), Optional.empty());
  }

  private static void assertRefused(ThrowingCallable call, String sentence) {
    assertThatThrownBy(call).isInstanceOf(MalformedCaptureException.class).hasMessage(sentence);
  }
}
