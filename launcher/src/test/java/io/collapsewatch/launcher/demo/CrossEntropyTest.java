package io.collapsewatch.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CrossEntropyTest {

  @Test
  void ofEqualLogitsIsTheLogarithmOfTheClasses() {
    BatchLoss loss = CrossEntropy.of(new float[][] {{3, 3, 3, 3}}, new int[] {2});

    assertThat(loss.mean()).isCloseTo(Math.log(4), within(1e-12));
    assertThat(loss.gradient()[0]).containsExactly(0.25f, 0.25f, -0.75f, 0.25f);
  }

  @Test
  void countsTheSamplesWhoseLargestLogitIsTheirLabels() {
    BatchLoss loss = CrossEntropy.of(new float[][] {{1, 0}, {1, 0}, {0, 1}}, new int[] {0, 1, 1});

    assertThat(loss.accuracy()).isCloseTo(2.0 / 3, within(1e-15));
  }

  @Test
  void staysFiniteWhereExponentialsOverflow() {
    BatchLoss loss = CrossEntropy.of(new float[][] {{1000, -1000}}, new int[] {1});

    assertThat(loss.mean()).isCloseTo(2000, within(1e-9));
  }
}
