package io.collapsewatch.analyzer.collapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a change of coordinates or of names must leave alone, in both paths. */
class InvarianceTest {

  // The metrics are of the order of 1; a thousand roundings are 1e-13.
  private static final double TOLERANCE = 1e-10;

  private static final Set<MetricKey> NONE = EnumSet.noneOf(MetricKey.class);

  private static final Set<MetricKey> IN_LOGITS =
      Arrays.stream(MetricKey.values())
          .filter(key -> key.unit().equals("logits"))
          .collect(Collectors.toCollection(() -> EnumSet.noneOf(MetricKey.class)));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void rotationOfFeaturesAndClassifierChangesNothing(long seed) {
    Cloud cloud = Cloud.random(5, 8, seed);
    UnaryOperator<double[]> reflect = reflection(Cloud.random(1, 8, seed + 100).weights()[0]);
    Cloud rotated =
        cloud
            .mapFeatures(reflect)
            .withClassifier(
                Arrays.stream(cloud.weights()).map(reflect).toArray(double[][]::new), cloud.bias());
    assertSame(cloud, rotated, NONE);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 3, 4096})
  void scaleOfTheFeaturesShowsInTheLogitsOnly(double scale) {
    Cloud cloud = Cloud.random(5, 8, 4);
    Cloud scaled =
        cloud
            .mapFeatures(h -> times(scale, h))
            .withClassifier(cloud.weights(), times(scale, cloud.bias()));
    Set<MetricKey> changed = EnumSet.copyOf(IN_LOGITS);
    changed.add(MetricKey.CE_FLOOR);
    assertSame(cloud, scaled, changed);
    assertThat(value(scaled, MetricKey.MARGIN_MIN) / scale)
        .isCloseTo(value(cloud, MetricKey.MARGIN_MIN), within(TOLERANCE));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 30, 1000})
  void shiftOfTheFeaturesShowsInTheUncentredOnly(double shift) {
    Cloud cloud = Cloud.random(5, 8, 5);
    double[] bias = cloud.bias().clone();
    for (int k = 0; k < bias.length; k++) {
      bias[k] -= shift * Arrays.stream(cloud.weights()[k]).sum();
    }
    Cloud shifted =
        cloud
            .mapFeatures(h -> Arrays.stream(h).map(x -> x + shift).toArray())
            .withClassifier(cloud.weights(), bias);
    assertSame(cloud, shifted, EnumSet.of(MetricKey.NC2_OF_MEANS, MetricKey.NC3_DUALITY_UNCENTRED));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void orderOfTheSamplesChangesNothing(long seed) {
    Cloud cloud = Cloud.random(6, 4, seed);
    assertSame(cloud, cloud.shuffled(seed), NONE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void numbersOfTheClassesChangeNothing(long seed) {
    Cloud cloud = Cloud.random(6, 4, seed);
    assertSame(cloud, cloud.renumbered(seed), NONE);
  }

  private static void assertSame(Cloud before, Cloud after, Set<MetricKey> but) {
    assertSame(before.measure().metrics(), after.measure().metrics(), but);
    assertSame(
        Collapse.measure(before.moments(), before.classifier()).metrics(),
        Collapse.measure(after.moments(), after.classifier()).metrics(),
        but);
  }

  private static void assertSame(MetricValues before, MetricValues after, Set<MetricKey> but) {
    assertThat(after.toMap()).containsOnlyKeys(before.toMap().keySet());
    before.forEach(
        (key, value) -> {
          if (!but.contains(key)) {
            assertThat(after.get(key).orElseThrow())
                .as(key.key())
                .isCloseTo(value, within(TOLERANCE));
          }
        });
  }

  private static double value(Cloud cloud, MetricKey key) {
    return cloud.measure().metrics().get(key).orElseThrow();
  }

  /** Householder: h − 2v(v·h)/(v·v). */
  private static UnaryOperator<double[]> reflection(double[] v) {
    return h -> {
      double along = 0;
      double square = 0;
      for (int j = 0; j < v.length; j++) {
        along += v[j] * h[j];
        square += v[j] * v[j];
      }
      double[] reflected = h.clone();
      for (int j = 0; j < v.length; j++) {
        reflected[j] -= 2 * along / square * v[j];
      }
      return reflected;
    };
  }

  private static double[] times(double scale, double[] x) {
    return Arrays.stream(x).map(v -> scale * v).toArray();
  }
}
