package io.collapsewatch.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "1, 1",
    "1797, 1797",
    "0.0183456, 0.01835",
    "0.5, 0.5000",
    "-8.96649, -8.966",
    "12345.678, 12350",
    "0.000123456, 1.235e-04",
    "1e-300, 1.000e-300",
    "12345678, 1.235e+07",
    "0.99999, 1.000"
  })
  void keepsFourDigits(double value, String expected) {
    assertThat(Figures.of(value, 4)).isEqualTo(expected);
  }

  @Test
  void showsADashForWhatIsUndefined() {
    assertThat(Figures.of(OptionalDouble.empty(), 4)).isEqualTo("–");
  }
}
