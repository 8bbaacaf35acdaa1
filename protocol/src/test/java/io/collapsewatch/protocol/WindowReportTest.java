package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.protocol.WindowReport.ClassPair;
import io.collapsewatch.protocol.WindowReport.Cosines;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class WindowReportTest {

  private static final Map<String, Double> NONE = Map.of();

  @Test
  void mapsAreSortedSoThatEqualReportsHaveEqualBytes() {
    WindowReport report =
        report(1, Map.of(2, .2, 0, .1, 1, .3), Map.of("loss", 1.0, "accuracy", .5));
    assertThat(report.classVariability().keySet()).containsExactly(0, 1, 2);
    assertThat(report.training().keySet()).containsExactly("accuracy", "loss");
  }

  @Test
  void numbersThatAreNotFiniteDoNotGetIn() {
    assertRefused(
        () -> report(Double.NaN, Map.of(), NONE),
        "completeness is NaN in a report; expected a finite number or nothing");
    assertRefused(
        () -> report(1, Map.of(3, Double.POSITIVE_INFINITY), NONE),
        "the variability of class 3 is Infinity in a report; expected a finite number or nothing");
    assertRefused(
        () -> report(1, Map.of(), Map.of("loss", Double.NaN)),
        "loss of the training is NaN in a report; expected a finite number or nothing");
    assertRefused(
        () -> new ClassPair(0, 1, Double.NaN),
        "the cosine of a pair of classes is NaN in a report; expected a finite number or nothing");
    assertRefused(
        () -> new Cosines(List.of(), List.of(Double.NaN), List.of(), List.of()),
        "a cosine of means is NaN in a report; expected a finite number or nothing");
  }

  @Test
  void aCosineThatIsUndefinedIsNull() {
    Cosines cosines = new Cosines(List.of(0, 1), Arrays.asList(null, 1.0), List.of(), List.of());
    assertThat(cosines.means()).containsExactly(null, 1.0);
  }

  private static WindowReport report(
      double completeness, Map<Integer, Double> variability, Map<String, Double> training) {
    return new WindowReport(
        WindowReport.VERSION,
        "r",
        0,
        "train",
        "penultimate",
        WindowReport.Kind.ROLLING,
        Optional.empty(),
        0,
        0,
        OptionalDouble.empty(),
        0,
        OptionalInt.empty(),
        1,
        completeness,
        0,
        OptionalLong.empty(),
        new MetricValues(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        variability,
        Optional.empty(),
        NONE,
        training,
        Optional.empty(),
        Map.of(),
        List.of());
  }

  private static void assertRefused(ThrowingCallable call, String sentence) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(sentence);
  }
}
