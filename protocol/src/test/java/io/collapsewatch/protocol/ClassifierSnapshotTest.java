package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ClassifierSnapshotTest {

  private static final CaptureHeader HEADER = CaptureHeader.of("r", 0);
  private static final Tensor WEIGHT = Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
  private static final Tensor BIAS = Tensor.ofFloats(new float[] {7, 8, 9}, 3);

  @Test
  void aSliceKnowsWhichRowsOfTheWholeItHolds() {
    ClassifierSnapshot whole = ClassifierSnapshot.of(HEADER, WEIGHT, Optional.of(BIAS));
    CaptureHeader part = HEADER.withPart(1, 2);
    ClassifierSnapshot slice = whole.slice(part, 1, 3);
    assertThat(slice.weight()).isEqualTo(Tensor.ofFloats(new float[] {3, 4, 5, 6}, 2, 2));
    assertThat(slice.bias()).contains(Tensor.ofFloats(new float[] {8, 9}, 2));
    assertThat(slice.rowOffset()).isEqualTo(1);
    assertThat(slice.classes()).isEqualTo(3);
    assertThat(slice.slice(part, 1, 2).rowOffset()).isEqualTo(2);
    assertThat(whole.slice(HEADER, 0, 3)).isEqualTo(whole);
  }

  @Test
  void aMessageOfOnePartHoldsAllRows() {
    assertRefused(
        () -> new ClassifierSnapshot(HEADER, WEIGHT, Optional.empty(), 0, 4),
        "weight holds 3 rows of a classifier of 4 in a message of one part; expected all rows, or"
            + " parts");
  }

  @Test
  void rowsOutsideTheClassifierAreRefused() {
    assertRefused(
        () -> new ClassifierSnapshot(HEADER, WEIGHT, Optional.empty(), 2, 4),
        "weight holds rows 2..4 of a classifier of 4; expected rows within 0..3");
    assertRefused(
        () -> new ClassifierSnapshot(HEADER, WEIGHT, Optional.empty(), Integer.MAX_VALUE, 4),
        "weight holds rows 2147483647..2147483649 of a classifier of 4; expected rows within 0..3");
    assertRefused(
        () -> new ClassifierSnapshot(HEADER, WEIGHT, Optional.empty(), -1, 4),
        "weight holds rows -1..1 of a classifier of 4; expected rows within 0..3");
  }

  @Test
  void aClassifierHasTwoClassesAtLeast() {
    assertRefused(
        () -> ClassifierSnapshot.of(HEADER, WEIGHT.slice(0, 1), Optional.empty()),
        "the classifier has 1 classes; expected 2..1024");
    assertRefused(
        () -> new ClassifierSnapshot(HEADER, WEIGHT, Optional.empty(), 0, 4097),
        "the classifier has 4097 classes; expected 2..1024");
  }

  @Test
  void aBiasOfAnotherLengthIsRefused() {
    assertRefused(
        () -> ClassifierSnapshot.of(HEADER, WEIGHT, Optional.of(BIAS.slice(0, 2))),
        "bias is F32[2]; expected a vector of 3");
  }

  private static void assertRefused(ThrowingCallable call, String sentence) {
    assertThatThrownBy(call).isInstanceOf(MalformedCaptureException.class).hasMessage(sentence);
  }
}
