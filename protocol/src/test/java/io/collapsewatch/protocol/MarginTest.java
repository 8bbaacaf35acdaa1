package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarginTest {

  @Test
  void isTheLabelsLogitOverTheLargestOther() {
    double[] logits = {1, 4, 2.5};
    assertThat(Margin.of(logits, 3, 1)).isEqualTo(1.5);
    assertThat(Margin.of(logits, 3, 0)).isEqualTo(-3);
    assertThat(Margin.prediction(logits, 3)).isEqualTo(1);
  }

  @Test
  void aTieGoesToTheLowestClassAndHasNoMargin() {
    double[] logits = {0, 7, 7};
    assertThat(Margin.prediction(logits, 3)).isEqualTo(1);
    assertThat(Margin.of(logits, 3, 1)).isZero();
    assertThat(Margin.of(logits, 3, 2)).isZero();
  }

  @Test
  void onlyTheFirstClassesAreRead() {
    double[] logits = {1, 2, 100};
    assertThat(Margin.prediction(logits, 2)).isEqualTo(1);
    assertThat(Margin.of(logits, 2, 1)).isEqualTo(1);
  }

  @Test
  void allNegativeLogitsHaveAMarginToo() {
    assertThat(Margin.of(new double[] {-1e300, -3}, 2, 1)).isEqualTo(1e300);
  }
}
