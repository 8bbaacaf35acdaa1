package io.collapsewatch.analyzer.collapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.analyzer.GoldenCase;
import io.collapsewatch.analyzer.saved.MeasurablePass;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClassMomentsTest {

  private static final Set<MetricKey> NEED_EACH_SAMPLE =
      EnumSet.range(MetricKey.MARGIN_MIN, MetricKey.MARGIN_OPTIMALITY);

  static {
    NEED_EACH_SAMPLE.add(MetricKey.NC4_NCC_MISMATCH);
  }

  /** Oracle: the two passes, which the golden cases hold to 80-bit figures. */
  @ParameterizedTest
  @MethodSource("io.collapsewatch.analyzer.GoldenCase#all")
  void streamAgreesWithTwoPasses(GoldenCase golden) {
    MeasurablePass pass = new MeasurablePass(golden.pass());
    ClassMoments moments = ClassMoments.create(pass.samples().dim());
    moments.addAll(pass.samples());
    CollapseResult stream = Collapse.measure(moments, Optional.of(pass.classifier()));
    CollapseResult exact = pass.measure();
    assertAgrees(golden, stream.metrics(), exact.metrics());
    assertThat(stream.worstPair().map(p -> p.first() + " " + p.second()))
        .isEqualTo(exact.worstPair().map(p -> p.first() + " " + p.second()));
    assertThat(stream.frame()).isEqualTo(exact.frame());
    assertThat(stream.marginHistogram()).isEmpty();
  }

  private static void assertAgrees(GoldenCase golden, MetricValues stream, MetricValues exact) {
    Set<MetricKey> defined = EnumSet.copyOf(exact.toMap().keySet());
    defined.removeAll(NEED_EACH_SAMPLE);
    // The sums do not know the type that their samples came in.
    defined.remove(MetricKey.NC1_PRECISION_FLOOR);
    assertThat(stream.toMap()).containsOnlyKeys(defined);
    stream.forEach(
        (key, value) -> {
          boolean deep = golden.name().startsWith("deep-") && key.key().startsWith("nc1");
          double expected = exact.get(key).orElseThrow();
          double tolerance = Math.max(1e-12, (deep ? 1e-6 : 1e-9) * Math.abs(expected));
          assertThat(value).as(key.key()).isCloseTo(expected, within(tolerance));
        });
  }

  @Test
  void oneByOneIsTheSameAsAll() {
    Cloud cloud = Cloud.random(5, 6, 1);
    ClassMoments single = ClassMoments.create(6);
    for (int i = 0; i < cloud.size(); i++) {
      single.add(cloud.features()[i], cloud.label(i));
    }
    assertSame(single, cloud.moments());
  }

  @Test
  void orderDoesNotMatter() {
    Cloud cloud = Cloud.random(5, 6, 2);
    assertSame(cloud.shuffled(3).moments(), cloud.moments());
  }

  @Test
  void mergeIsTheSameAsAll() {
    Cloud cloud = Cloud.random(40, 3, 3);
    // The first part lacks classes that the second has.
    ClassMoments merged = cloud.part(0, 30).moments();
    merged.combine(cloud.part(30, 400).moments());
    merged.combine(cloud.part(400, cloud.size()).moments());
    assertSame(merged, cloud.moments());
  }

  @Test
  void emptyAddsNothing() {
    ClassMoments moments = Cloud.random(4, 3, 4).moments();
    ClassMoments with = Cloud.random(4, 3, 4).moments();
    with.combine(ClassMoments.create(3));
    assertIdentical(with, moments);
    ClassMoments into = ClassMoments.create(3);
    into.combine(moments);
    assertIdentical(into, moments);
  }

  @Test
  void emptyHasNoMeasure() {
    CollapseResult result = Collapse.measure(ClassMoments.create(3), Optional.empty());
    assertThat(result.metrics().toMap())
        .containsOnlyKeys(MetricKey.CLASSES_PRESENT, MetricKey.SAMPLES, MetricKey.BETWEEN_RANK);
  }

  @Test
  void oneSampleIsItsOwnMean() {
    ClassMoments moments = ClassMoments.create(2);
    moments.add(new double[] {3, -4}, 7);
    assertThat(moments.samples()).isEqualTo(1);
    assertThat(moments.classes()).containsExactly(7);
    assertThat(moments.classRow(7)).containsExactly(1, 0, 3, -4);
    assertThat(moments.scatterRow(0)).containsExactly(0, 0);
    assertThat(moments.scatterRow(1)).containsExactly(0, 0);
  }

  /** By hand: class 0 has (0,0) and (2,4), class 1 has (10,10) and (12,10). */
  @Test
  void scatterIsThatOfTheResiduals() {
    ClassMoments moments = ClassMoments.create(2);
    moments.add(new double[] {0, 0}, 0);
    moments.add(new double[] {10, 10}, 1);
    moments.add(new double[] {2, 4}, 0);
    moments.add(new double[] {12, 10}, 1);
    assertThat(moments.classRow(0)).containsExactly(new double[] {2, 10, 1, 2}, within(1e-12));
    assertThat(moments.classRow(1)).containsExactly(new double[] {2, 2, 11, 10}, within(1e-12));
    assertThat(moments.scatterRow(0)).containsExactly(new double[] {4, 4}, within(1e-12));
    assertThat(moments.scatterRow(1)).containsExactly(new double[] {4, 8}, within(1e-12));
  }

  @Test
  void savedRowsRestoreTheSameBits() {
    ClassMoments moments = Cloud.random(5, 6, 5).moments();
    ClassMoments restored = ClassMoments.create(6);
    for (int label : moments.classes()) {
      restored.restoreClass(label, moments.classRow(label));
    }
    for (int i = 0; i < 6; i++) {
      restored.restoreScatter(i, moments.scatterRow(i));
    }
    assertIdentical(restored, moments);
    // What is added later counts the same, too.
    restored.combine(Cloud.random(5, 6, 6).moments());
    moments.combine(Cloud.random(5, 6, 6).moments());
    assertIdentical(restored, moments);
  }

  @Test
  void refusesWhatDoesNotFit() {
    ClassMoments moments = ClassMoments.create(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> moments.add(new double[2], 0))
        .withMessage("features of 2 dimensions for statistics of 3; expected as many");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> moments.combine(ClassMoments.create(4)))
        .withMessage("features of 4 dimensions for statistics of 3; expected as many");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> moments.add(new double[3], -1))
        .withMessage("a sample has the label -1; expected a class of at least 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> moments.restoreClass(0, new double[3]))
        .withMessage("a row of a class has 3 numbers; expected 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> moments.restoreScatter(0, new double[5]))
        .withMessage("a row of the scatter has 5 numbers; expected 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClassMoments.create(46_341))
        .withMessage("a scatter matrix of 46341 dimensions; expected 1..46340");
  }

  private static void assertSame(ClassMoments actual, ClassMoments expected) {
    assertThat(actual.classes()).containsExactly(expected.classes());
    for (int label : expected.classes()) {
      assertThat(actual.classRow(label)).containsExactly(expected.classRow(label), within(1e-11));
    }
    for (int i = 0; i < expected.dim(); i++) {
      assertThat(actual.scatterRow(i)).containsExactly(expected.scatterRow(i), within(1e-11));
    }
  }

  private static void assertIdentical(ClassMoments actual, ClassMoments expected) {
    assertThat(actual.classes()).containsExactly(expected.classes());
    for (int label : expected.classes()) {
      assertThat(actual.classRow(label)).containsExactly(expected.classRow(label));
    }
    for (int i = 0; i < expected.dim(); i++) {
      assertThat(actual.scatterRow(i)).containsExactly(expected.scatterRow(i));
    }
  }
}
