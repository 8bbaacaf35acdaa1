package io.collapsewatch.analyzer.saved;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.analyzer.GoldenCase;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Oracle: golden/README.md. */
class GoldenTest {

  @Test
  void allCasesAreThere() {
    assertThat(GoldenCase.all()).hasSize(18);
  }

  @ParameterizedTest
  @MethodSource("io.collapsewatch.analyzer.GoldenCase#all")
  void savedPassMeasuresAsExpected(GoldenCase golden) throws IOException {
    golden.assertMatchesJson(new Measurement(new MeasurablePass(golden.pass()).measure()).json());
  }
}
