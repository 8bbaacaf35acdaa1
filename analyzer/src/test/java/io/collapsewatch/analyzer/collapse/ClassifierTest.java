package io.collapsewatch.analyzer.collapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassifierTest {

  /** By hand: −1, 1 and 0 around the mean 5, and ∓1/2 for the rows 4 and 5 alone. */
  @Test
  void centredNormIsThatOfTheChosenRows() {
    Classifier classifier = new Classifier(3, 1, new double[] {4, 6, 5}, Optional.empty());
    assertThat(classifier.centredNorm(new int[] {0, 1, 2})).isCloseTo(Math.sqrt(2), within(1e-15));
    assertThat(classifier.centredNorm(new int[] {0, 2})).isCloseTo(Math.sqrt(0.5), within(1e-15));
  }

  @Test
  void rowsThatAreEqualOrDifferByRoundingHaveNoSpread() {
    // A thousand times 0.1 add up to 99.9999999999986.
    double[] weight = new double[1000];
    Arrays.fill(weight, 0.1);
    int[] all = IntStream.range(0, 1000).toArray();
    Classifier classifier = new Classifier(1000, 1, weight, Optional.empty());
    assertThat(classifier.centredNorm(all)).isZero();
    weight[7] = Math.nextUp(0.1);
    assertThat(classifier.centredNorm(all)).isZero();
    weight[7] = 0.1 * (1 + 1e-10);
    assertThat(classifier.centredNorm(all)).isPositive();
  }
}
