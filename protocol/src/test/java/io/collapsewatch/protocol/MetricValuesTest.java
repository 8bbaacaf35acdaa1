package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricValuesTest {

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aValueThatIsNotFiniteIsAbsentAndTakesTheFormerWithIt(double value) {
    MetricValues values = new MetricValues();
    values.set(MetricKey.NC1, 1);
    values.set(MetricKey.NC1, value);
    assertThat(values.get(MetricKey.NC1)).isEmpty();
    assertThat(values.toMap()).isEmpty();
  }

  @Test
  void minusZeroIsZero() {
    MetricValues values = new MetricValues();
    values.set(MetricKey.NC1, -0.0);
    assertThat(values.get(MetricKey.NC1)).isEqualTo(OptionalDouble.of(0.0));
  }

  @Test
  void orderIsThatOfTheCatalogue() {
    MetricValues late = new MetricValues();
    late.set(MetricKey.LN_RHO, 3);
    MetricValues values = new MetricValues();
    values.set(MetricKey.NC1, 2);
    values.setAll(late);
    values.set(MetricKey.SAMPLES, 1);
    assertThat(values.toMap().keySet())
        .containsExactly(MetricKey.SAMPLES, MetricKey.NC1, MetricKey.LN_RHO);
  }
}
