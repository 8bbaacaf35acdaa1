package io.collapsewatch.dashboard.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1"})
  void whatASpreadsheetWouldCalculateBecomesText(String cell) {
    assertThat(Csv.cell(cell)).isEqualTo("'" + cell);
  }

  @Test
  void quotesCommasAndEndsOfLinesStayInTheirCell() {
    assertThat(Csv.cell("a,b")).isEqualTo("\"a,b\"");
    assertThat(Csv.cell("a\"b")).isEqualTo("\"a\"\"b\"");
    assertThat(Csv.cell("a\nb")).isEqualTo("\"a\nb\"");
    assertThat(Csv.cell("\r=1")).isEqualTo("\"'\r=1\"");
    assertThat(Csv.cell("nc1")).isEqualTo("nc1");
  }
}
