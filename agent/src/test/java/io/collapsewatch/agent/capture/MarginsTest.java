package io.collapsewatch.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.Tensor;
import org.junit.jupiter.api.Test;

/** Expected margins are the label's logit minus the largest other one, by hand. */
class MarginsTest {

  @Test
  void aTieIsPredictedAsTheLowestClassAndHasMarginZero() {
    Tensor logits = Tensor.ofFloats(new float[] {1, 1, 0, 0, 4, 4}, 2, 3);
    Margins margins = Margins.ofLogits(logits, Tensor.ofInts(new int[] {0, 2}, 2));
    assertThat(margins.margins()).isEqualTo(Tensor.ofDoubles(new double[] {0, 0}, 2));
    assertThat(margins.predictions()).isEqualTo(Tensor.ofInts(new int[] {0, 1}, 2));
    assertThat(margins.statistics()).isEqualTo(MarginStatistics.of(new double[] {0, 0}, 1));
  }

  @Test
  void aMarginNeedsTwoClasses() {
    Tensor one = Tensor.ofFloats(new float[] {1}, 1, 1);
    assertThatThrownBy(() -> Margins.ofLogits(one, Tensor.ofInts(new int[] {0}, 1)))
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessage("logits is F32[1, 1]; a margin needs at least two classes");
  }

  @Test
  void everyRowNeedsALabelAndEveryLabelALogit() {
    Tensor logits = Tensor.ofFloats(new float[] {1, 2, 3, 4}, 2, 2);
    assertThatThrownBy(() -> Margins.ofLogits(logits, Tensor.ofInts(new int[] {0}, 1)))
        .hasMessage("logits has 2 rows and labels has 1; expected as many");
    assertThatThrownBy(() -> Margins.ofLogits(logits, Tensor.ofInts(new int[] {0, 2}, 2)))
        .hasMessage("label 2 in row 1; expected a class in 0..1");
  }
}
