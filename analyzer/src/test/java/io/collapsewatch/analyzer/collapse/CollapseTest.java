package io.collapsewatch.analyzer.collapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.WindowReport.ClassPair;
import io.collapsewatch.protocol.WindowReport.Cosines;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollapseTest {

  private static final Offset<Double> EXACT = within(1e-12);

  private static final Set<MetricKey> COUNTS =
      EnumSet.of(
          MetricKey.CLASSES_PRESENT,
          MetricKey.SAMPLES,
          MetricKey.SAMPLES_PER_CLASS_MIN,
          MetricKey.BETWEEN_RANK);

  private static final Set<MetricKey> OF_WEIGHTS =
      EnumSet.of(
          MetricKey.NC2_EQUINORM_WEIGHTS,
          MetricKey.NC2_EQUIANGULAR_WEIGHTS,
          MetricKey.NC2_MAX_ANGLE_WEIGHTS,
          MetricKey.NC2_ETF_WEIGHTS,
          MetricKey.NC2_OF_WEIGHTS);

  private static final Set<MetricKey> OF_THE_RUN =
      EnumSet.range(MetricKey.LN_RHO, MetricKey.SIGMA2);

  private static final Set<MetricKey> OF_MARGINS =
      EnumSet.range(MetricKey.MARGIN_MIN, MetricKey.ACCURACY);

  /** Closed form: W = Mᵀ is the simplex ETF with rows e_k − 1/3, so every margin is 1. */
  @Test
  void perfectSimplexIsCollapsed() {
    double[][] simplex = {
      {2 / 3.0, -1 / 3.0, -1 / 3.0}, {-1 / 3.0, 2 / 3.0, -1 / 3.0}, {-1 / 3.0, -1 / 3.0, 2 / 3.0}
    };
    Cloud cloud = new Cloud(simplex, new int[] {0, 1, 2}, simplex, new double[3]);
    CollapseResult result = cloud.measure();
    for (MetricKey key : EnumSet.range(MetricKey.NC1, MetricKey.NC4_BIAS_SPREAD)) {
      if (key != MetricKey.NC2_OF_MEANS && key != MetricKey.NC2_OF_WEIGHTS) {
        assertThat(value(result, key)).as(key.key()).isCloseTo(0, EXACT);
      }
    }
    assertThat(value(result, MetricKey.NC2_OF_WEIGHTS))
        .isCloseTo(Math.sqrt(2 - 2 * Math.sqrt(2 / 3.0)), EXACT);
    assertThat(value(result, MetricKey.MARGIN_MIN)).isCloseTo(1, EXACT);
    assertThat(value(result, MetricKey.MARGIN_OPTIMALITY)).isCloseTo(1, EXACT);
    assertThat(value(result, MetricKey.CE_FLOOR)).isCloseTo(Math.log(1 + 2 * Math.exp(-1)), EXACT);
    assertThat(result.frame()).contains("etf");
  }

  /** Closed form: orthonormal means and classifiers; √(2−2√((K−1)/K)) for the simplex distance. */
  @Test
  void orthogonalFrameIsToldFromASimplex() {
    double[][] unit = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
    CollapseResult result = new Cloud(unit, new int[] {0, 1, 2, 3}, unit, new double[4]).measure();
    assertThat(value(result, MetricKey.NC2_OF_MEANS)).isCloseTo(0, EXACT);
    assertThat(value(result, MetricKey.NC2_OF_WEIGHTS)).isCloseTo(0, EXACT);
    assertThat(value(result, MetricKey.NC3_DUALITY_UNCENTRED)).isCloseTo(0, EXACT);
    double apart = Math.sqrt(2 - 2 * Math.sqrt(3 / 4.0));
    assertThat(value(result, MetricKey.NC2_ETF_WEIGHTS)).isCloseTo(apart, EXACT);
    assertThat(value(result, MetricKey.NC3_DUALITY)).isCloseTo(apart, EXACT);
    assertThat(result.frame()).contains("of");
  }

  /** Oracle: {@link Textbook} for the loss; the bounds are theorems. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void boundsHold(long seed) {
    Cloud cloud = Cloud.random(5, 6, seed);
    CollapseResult result = cloud.measure();
    assertThat(value(result, MetricKey.MARGIN_OPTIMALITY)).isLessThan(1);
    assertThat(value(result, MetricKey.CE_FLOOR))
        .isPositive()
        .isLessThan(new Textbook(cloud).balancedCrossEntropy());
  }

  /** By hand: logits −x and x, means −2 and 2, so the sign of x decides both. */
  @Test
  void mismatchAccuracyAndMarginsCountWhatTheClassifierDoes() {
    Cloud cloud =
        Cloud.onALine(new double[] {-3, -2, -1}, new double[] {1, 2, 3})
            .withClassifier(new double[][] {{-1}, {1}}, 0, 0);
    CollapseResult straight = cloud.measure();
    assertThat(value(straight, MetricKey.NC4_NCC_MISMATCH)).isZero();
    assertThat(value(straight, MetricKey.ACCURACY)).isEqualTo(1);
    assertThat(value(straight, MetricKey.MARGIN_MIN)).isEqualTo(2);
    // With a bias of 3 on class 0 the decision moves to x = 1.5; only the sample at 1 changes.
    CollapseResult biased = cloud.withClassifier(new double[][] {{-1}, {1}}, 3, 0).measure();
    assertThat(value(biased, MetricKey.NC4_NCC_MISMATCH)).isEqualTo(1 / 6.0);
    assertThat(value(biased, MetricKey.ACCURACY)).isEqualTo(5 / 6.0);
    assertThat(value(biased, MetricKey.MARGIN_MIN)).isEqualTo(-1);
    assertThat(value(biased, MetricKey.NC4_BIAS)).isEqualTo(3);
    assertThat(value(biased, MetricKey.NC4_BIAS_SPREAD)).isCloseTo(1.5 * Math.sqrt(2), EXACT);
    assertThat(biased.marginHistogram().orElseThrow().counts().values()).hasSize(6);
  }

  @Test
  void tiesGoToTheLowestClass() {
    Cloud cloud =
        Cloud.onALine(new double[] {-2, 0}, new double[] {0, 2})
            .withClassifier(new double[][] {{0}, {0}}, 1, 1);
    CollapseResult result = cloud.measure();
    // Both zeros are as near to −1 as to 1, and all logits are equal.
    assertThat(value(result, MetricKey.NC4_NCC_MISMATCH)).isEqualTo(0.25);
    assertThat(value(result, MetricKey.ACCURACY)).isEqualTo(0.5);
  }

  @Test
  void withTwoClassesTheAnglesOfTheMeansAreTrivial() {
    CollapseResult result = Cloud.random(2, 5, 1).measure();
    assertThat(value(result, MetricKey.NC2_EQUIANGULAR_MEANS)).isCloseTo(0, EXACT);
    assertThat(value(result, MetricKey.NC2_MAX_ANGLE_MEANS)).isCloseTo(0, EXACT);
    assertThat(value(result, MetricKey.NC2_EQUINORM_MEANS)).isCloseTo(0, EXACT);
    assertThat(value(result, MetricKey.NC2_ETF_MEANS)).isCloseTo(0, EXACT);
  }

  @Test
  void rowsOfAbsentClassesCountInTheWeightsOnly() {
    Cloud all = Cloud.random(4, 5, 2);
    Cloud without = all.withLabels(Arrays.stream(all.labels()).map(k -> k == 2 ? 3 : k).toArray());
    CollapseResult result = without.measure();
    assertThat(value(result, MetricKey.CLASSES_PRESENT)).isEqualTo(3);
    assertThat(result.classVariability()).containsOnlyKeys(0, 1, 3);
    assertThat(value(result, MetricKey.NC2_ETF_WEIGHTS))
        .isEqualTo(value(all.measure(), MetricKey.NC2_ETF_WEIGHTS));
    assertThat(result.cosines().orElseThrow().classes()).containsExactly(0, 1, 3);
    assertThat(result.cosines().orElseThrow().means()).hasSize(3);
    assertThat(result.cosines().orElseThrow().weights()).hasSize(6);
  }

  @Test
  void withoutClassifierOnlyTheFeaturesAreMeasured() {
    Cloud cloud = Cloud.random(4, 5, 3);
    CollapseResult result = Collapse.measure(cloud, Optional.empty());
    Set<MetricKey> ofMeans = EnumSet.range(MetricKey.CLASSES_PRESENT, MetricKey.NC1_CDNV);
    ofMeans.addAll(
        EnumSet.of(
            MetricKey.NC2_EQUINORM_MEANS,
            MetricKey.NC2_EQUIANGULAR_MEANS,
            MetricKey.NC2_MAX_ANGLE_MEANS,
            MetricKey.NC2_ETF_MEANS,
            MetricKey.NC2_OF_MEANS,
            MetricKey.NC1_PRECISION_FLOOR));
    assertThat(result.metrics().toMap()).containsOnlyKeys(ofMeans);
    assertThat(result.frame()).isEmpty();
    assertThat(result.marginHistogram()).isEmpty();
    assertThat(result.worstPair()).isPresent();
  }

  @Test
  void biasIsZeroWhereThereIsNone() {
    Cloud cloud = Cloud.random(4, 5, 4).withClassifier(Cloud.random(4, 5, 5).weights(), 0, 0, 0, 0);
    Classifier zero = cloud.classifier().orElseThrow();
    Classifier none = new Classifier(4, 5, zero.weight(), Optional.empty());
    assertThat(Collapse.measure(cloud, Optional.of(none)).metrics())
        .isEqualTo(cloud.measure().metrics());
  }

  @Test
  void noSamplesHaveNoMeasure() {
    CollapseResult result =
        Cloud.random(3, 2, 1).part(0, 0).withClassifier(new double[0][]).measure();
    assertThat(result.metrics().toMap())
        .containsOnlyKeys(MetricKey.CLASSES_PRESENT, MetricKey.SAMPLES, MetricKey.BETWEEN_RANK);
    assertThat(result.cosines()).isEmpty();
  }

  @Test
  void oneClassHasWeightsAndMarginsOnly() {
    Cloud cloud = Cloud.random(4, 5, 6);
    CollapseResult result = cloud.withLabels(new int[cloud.size()]).measure();
    assertCountsAnd(result.metrics(), OF_WEIGHTS, OF_MARGINS);
    assertThat(value(result, MetricKey.BETWEEN_RANK)).isZero();
    assertThat(result.worstPair()).isEmpty();
    assertThat(result.classVariability()).isEmpty();
    assertThat(result.cosines()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 1e6})
  void equalMeansAreNoMeans(double at) {
    // The sums of each class run in another order, so the means differ by rounding.
    Cloud cloud =
        Cloud.onALine(
                new double[] {at - 0.3, at + 0.1, at + 0.7, at},
                new double[] {at, at + 0.7, at + 0.1, at - 0.3},
                new double[] {at + 0.1, at - 0.3, at, at + 0.7})
            .withClassifier(new double[][] {{1}, {2}, {3}}, 0, 0, 0);
    CollapseResult result = cloud.measure();
    assertCountsAnd(result.metrics(), OF_WEIGHTS, OF_MARGINS);
    assertThat(result.worstPair()).isEmpty();
    assertCountsAnd(
        Collapse.measure(cloud.moments(), cloud.classifier()).metrics(), OF_WEIGHTS, Set.of());
  }

  @Test
  void meansThatDifferByRoundingCoincide() {
    // In doubles the mean of class 2 is 7e-18 below that of class 0, and so nearer to 0.1.
    CollapseResult result =
        Cloud.onALine(new double[] {0.2}, new double[] {5, 7}, new double[] {0.1, 0.2, 0.3, 0.2})
            .withClassifier(new double[][] {{-1}, {1}, {-9}}, 1, 0, 0)
            .measure();
    assertThat(result.metrics().get(MetricKey.NC1_CDNV)).isEmpty();
    assertThat(result.metrics().get(MetricKey.NC1)).isPresent();
    assertThat(result.worstPair().map(ClassPair::second)).contains(2);
    assertThat(value(result, MetricKey.NC4_NCC_MISMATCH)).isZero();
  }

  @Test
  void meanInTheMiddleHasNoAngle() {
    // In doubles the middle mean is 2e-16 away from the mean of all three.
    CollapseResult result =
        Cloud.onALine(new double[] {0.1, 0.3}, new double[] {1.1, 1.3}, new double[] {2.1, 2.3})
            .measure();
    assertThat(result.metrics().get(MetricKey.NC2_EQUIANGULAR_MEANS)).isEmpty();
    assertThat(result.metrics().get(MetricKey.NC2_MAX_ANGLE_MEANS)).isEmpty();
    assertThat(result.metrics().get(MetricKey.NC2_EQUINORM_MEANS)).isPresent();
    assertThat(result.worstPair()).contains(new ClassPair(0, 2, -1));
    assertThat(result.cosines().orElseThrow().means()).containsExactly(null, -1.0, null);
  }

  @Test
  void weightsOfZeroHaveNoDirection() {
    Cloud cloud = Cloud.random(3, 4, 7).withClassifier(new double[3][4], 0, 0, 0);
    CollapseResult result = cloud.measure();
    Set<MetricKey> absent = EnumSet.copyOf(OF_WEIGHTS);
    absent.addAll(
        EnumSet.of(
            MetricKey.NC3_DUALITY,
            MetricKey.NC3_DUALITY_UNCENTRED,
            MetricKey.NC3_ETF_ALIGNMENT,
            MetricKey.MARGIN_OPTIMALITY));
    absent.addAll(OF_THE_RUN);
    assertThat(result.metrics().toMap())
        .containsOnlyKeys(EnumSet.complementOf(EnumSet.copyOf(absent)));
    assertThat(value(result, MetricKey.CE_FLOOR)).isCloseTo(Math.log(3), EXACT);
    assertThat(result.frame()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.1f})
  void equalWeightsBoundNothing(double weight) {
    // In doubles the mean of three times 0.1 is 1e-17 above it.
    double[] row = {weight, weight, weight, weight};
    CollapseResult result =
        Cloud.random(3, 4, 7).withClassifier(new double[][] {row, row, row}, 0, 1, 0).measure();
    assertThat(result.metrics().get(MetricKey.MARGIN_OPTIMALITY)).isEmpty();
    assertThat(value(result, MetricKey.CE_FLOOR)).isEqualTo(Math.log1p(2));
  }

  @Test
  void classifierOfOneClassHasNeitherAnglesNorMargins() {
    Cloud cloud = Cloud.onALine(new double[] {1, 2, 4}).withClassifier(new double[][] {{1}}, 0);
    assertCountsAnd(cloud.measure().metrics(), Set.of(), Set.of());
  }

  @Test
  void numbersBeyondTheRangeOfSquaresLeaveOnlyWhatIsFinite() {
    Cloud cloud =
        Cloud.random(3, 4, 8).mapFeatures(h -> Arrays.stream(h).map(x -> x * 1e300).toArray());
    CollapseResult result = cloud.measure();
    Set<MetricKey> ofMargins = EnumSet.copyOf(OF_MARGINS);
    ofMargins.remove(MetricKey.MARGIN_STD);
    assertCountsAnd(result.metrics(), OF_WEIGHTS, ofMargins);
  }

  @Test
  void worstPairIsTheMostSimilar() {
    // Means at 0°, 90°, 100° and 225° around the origin, roughly centred.
    double[][] means = {{1, 0}, {0, 1}, {-0.17, 1}, {-0.7, -0.7}};
    CollapseResult result =
        new Cloud(means, new int[] {0, 1, 2, 3}, new double[0][], new double[0]).measure();
    assertThat(result.worstPair().map(ClassPair::first)).contains(1);
    assertThat(result.worstPair().map(ClassPair::second)).contains(2);
  }

  @Test
  void cosinesOfMoreThanAHundredClassesAreTheTenLargest() {
    Cloud cloud = Cloud.random(101, 8, 9);
    CollapseResult result = cloud.measure();
    Cosines cosines = result.cosines().orElseThrow();
    assertThat(cosines.classes()).hasSize(101);
    assertThat(cosines.means()).isEmpty();
    assertThat(cosines.weights()).isEmpty();
    assertThat(cosines.extremes()).hasSize(10);
    assertThat(cosines.extremes().stream().map(p -> -p.cosine())).isSorted();
    ClassPair worst = result.worstPair().orElseThrow();
    assertThat(cosines.extremes().get(0).first()).isEqualTo(worst.first());
    assertThat(cosines.extremes().get(0).cosine()).isCloseTo(worst.cosine(), within(5e-5));
  }

  @Test
  void refusesAClassifierOfAnotherWidth() {
    Cloud cloud = Cloud.random(3, 4, 1);
    Optional<Classifier> other = Cloud.random(3, 5, 1).classifier();
    String sentence =
        "the features have 4 dimensions and the weights of the classifier 5; expected as many";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Collapse.measure(cloud, other))
        .withMessage(sentence);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Collapse.measure(cloud.moments(), other))
        .withMessage(sentence);
  }

  @Test
  void refusesALabelWithoutARow() {
    Cloud cloud = Cloud.random(3, 4, 1);
    Optional<Classifier> two = Cloud.random(2, 4, 1).classifier();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Collapse.measure(cloud, two))
        .withMessage("a sample has the label 2 and the classifier 2 rows; expected labels in 0..1");
  }

  @Test
  void refusesANegativeLabel() {
    Cloud cloud = Cloud.onALine(new double[] {1, 2}).withLabels(0, -1);
    assertThatIllegalArgumentException()
        .isThrownBy(cloud::measure)
        .withMessage("sample 1 has the label -1; expected a class of at least 0");
  }

  @Test
  void refusesAClassifierWhoseArraysDoNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Classifier(2, 3, new double[6], Optional.of(new double[3])))
        .withMessage(
            "a classifier of 2 classes and 3 dimensions has 6 weights and 3 biases; expected 6 and 2");
  }

  private static void assertCountsAnd(
      MetricValues metrics, Set<MetricKey> ofWeights, Set<MetricKey> ofMargins) {
    Set<MetricKey> keys = EnumSet.copyOf(COUNTS);
    keys.addAll(ofWeights);
    keys.addAll(ofMargins);
    assertThat(metrics.toMap()).containsOnlyKeys(keys);
  }

  private static double value(CollapseResult result, MetricKey key) {
    return result
        .metrics()
        .get(key)
        .orElseThrow(() -> new AssertionError(key.key() + " is absent"));
  }
}
