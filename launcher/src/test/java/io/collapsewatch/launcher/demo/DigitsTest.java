package io.collapsewatch.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Oracle: the description of the data set, load_digits of scikit-learn 1.2. */
class DigitsTest {

  private final Digits digits = Digits.load();

  @Test
  void holdsTheWholeSet() {
    assertThat(digits.size()).isEqualTo(1797);
    assertThat(digits.classCounts())
        .containsExactly(178L, 182L, 177L, 183L, 181L, 182L, 181L, 179L, 174L, 180L);
  }

  @Test
  void scalesPixelsToOne() {
    assertThat(digits.images()[0]).startsWith(0, 0, 5 / 16f, 13 / 16f);
    assertThat(digits.images()).hasDimensions(1797, 64);
  }
}
