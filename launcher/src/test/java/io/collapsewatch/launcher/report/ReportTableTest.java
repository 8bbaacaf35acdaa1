package io.collapsewatch.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.WindowReport;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTableTest {

  private static final long NOON = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
  private static final Map<MetricKey, Double> METRICS =
      Map.of(
          MetricKey.SAMPLES, 1797.0,
          MetricKey.NC1, 0.018345,
          MetricKey.NC2_ETF_WEIGHTS, 0.2284,
          MetricKey.NC4_NCC_MISMATCH, 0.0,
          MetricKey.MARGIN_P50, 8.96649,
          MetricKey.ACCURACY, 1.0);

  private final ReportTable table = new ReportTable(ZoneOffset.UTC);

  @Test
  void alignsTheNumbersWithTheirNames() {
    WindowReport report =
        Reports.of("digits", "train", "penultimate", WindowReport.Kind.SNAPSHOT, 60, NOON, METRICS);

    assertThat(table.header() + "\n" + table.line(report))
        .isEqualTo(
            """
                time  run                       kind         step samples       nc1   nc2_etf  nc3_dual   nc4_ncc    margin accuracy
            12:00:00  digits                    snapshot     1680    1797   0.01835    0.2284         –         0     8.966        1""");
  }

  @Test
  void fitsATerminalWhateverTheNames() {
    WindowReport report =
        Reports.of(
            "r".repeat(64),
            "s".repeat(32),
            "l".repeat(32),
            WindowReport.Kind.ROLLING,
            1 << 25,
            NOON,
            Map.of(MetricKey.NC1, 1.23456e-300, MetricKey.MARGIN_MEAN, -1.23456e300));

    assertThat(table.header().length()).isLessThanOrEqualTo(120);
    assertThat(table.line(report)).contains("rrrrrrrrrrr… sssssssssss…");
  }

  @Test
  void namesSplitAndLayerThatAreNotTheUsualOnes() {
    WindowReport report =
        Reports.of("digits", "val", "conv3", WindowReport.Kind.ROLLING, 1, NOON, Map.of());

    assertThat(table.line(report)).startsWith("12:00:00  digits val/conv3          rolling ");
  }

  @Test
  void showsTheMeanMarginWhereThereIsNoMedian() {
    WindowReport report = Reports.rolling("digits", 1, Map.of(MetricKey.MARGIN_MEAN, 2.5));

    assertThat(table.line(report)).endsWith("2.500        –");
  }

  @Test
  void keepsATextFromCommandingTheTerminal() {
    WindowReport report = Reports.rolling("\u001b[2J", 1, Map.of());

    assertThat(table.line(report)).contains("\"\\u001b[2J\"").doesNotContain("\u001b");
  }
}
