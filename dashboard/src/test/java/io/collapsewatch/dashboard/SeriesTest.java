package io.collapsewatch.dashboard;

import static io.collapsewatch.dashboard.Given.nc1;
import static io.collapsewatch.dashboard.Given.report;
import static io.collapsewatch.dashboard.Running.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.collapsewatch.protocol.MarginHistogram;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.WindowReport;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesTest {

  @TempDir private Path folder;
  private Running dashboard;

  @BeforeEach
  void start() {
    dashboard = Running.in(folder);
  }

  @AfterEach
  void stop() {
    dashboard.close();
  }

  @Test
  void aSeriesIsColumnsWithNullForWhatIsUndefined() throws Exception {
    dashboard
        .feed()
        .bring(
            report("r", 3).epoch(0.5).with(MetricKey.NC1, 0.25).training("loss", 2).build(),
            report("r", 6).with(MetricKey.NC1_CDNV, 1e-300).norm("head", 7).build());
    assertThat(dashboard.get("/api/v1/runs/r/series?keys=nc1,norm.head,loss,nc1_cdnv").body())
        .isEqualTo(
            "{\"run\":\"r\",\"split\":\"train\",\"layer\":\"penultimate\",\"kind\":\"rolling\",\"attempt\":0,\"total\":2,\"columns\":{\"step\":[3,6],\"epoch\":[0.5,null],\"timestamp_ms\":[1790000003000,1790000006000],\"nc1\":[0.25,null],\"norm.head\":[null,7.0],\"loss\":[2.0,null],\"nc1_cdnv\":[null,1.0E-300]}}");
  }

  @Test
  void splitLayerKindAndRangeChooseThePart() throws Exception {
    for (int step = 0; step < 10; step++) {
      dashboard
          .feed()
          .bring(
              nc1("r", step, -1),
              report("r", step)
                  .window("test", "block-1", WindowReport.Kind.SNAPSHOT)
                  .with(MetricKey.NC1, step)
                  .build());
    }
    JsonNode answer =
        dashboard.json(
            "/api/v1/runs/r/series?split=test&layer=block-1&kind=snapshot&from=3&to=5&points=100");
    assertThat(answer.path("total").intValue()).isEqualTo(3);
    assertThat(answer.at("/columns/nc1").toString()).isEqualTo("[3.0,4.0,5.0]");
    assertThat(dashboard.json("/api/v1/runs/r/series?split=nothing").toString())
        .endsWith(
            "\"total\":0,\"columns\":{\"step\":[],\"epoch\":[],\"timestamp_ms\":[],\"nc1\":[]}}");
  }

  @Test
  void aLongSeriesIsThinnedWithoutLosingAnExtreme() throws Exception {
    Random random = new Random(3);
    List<WindowReport> reports = new ArrayList<>();
    for (int step = 0; step < 5000; step++) {
      double value = step == 1234 ? 99 : step == 4321 ? -99 : random.nextGaussian();
      reports.add(report("r", step).with(MetricKey.NC1, 1).with(MetricKey.LN_RHO, value).build());
    }
    dashboard.feed().bring(reports, List.of());
    JsonNode answer = dashboard.json("/api/v1/runs/r/series?keys=ln_rho&points=100");
    assertThat(answer.path("total").intValue()).isEqualTo(5000);
    assertThat(answer.at("/columns/step").size()).isBetween(50, 102);
    assertThat(answer.at("/columns/step").toString()).contains(",1234,", ",4321,");
    assertThat(answer.at("/columns/ln_rho").size()).isEqualTo(answer.at("/columns/step").size());
    assertThat(answer.at("/columns/ln_rho").toString()).contains(",99.0,", ",-99.0,");
  }

  @Test
  void aKeyMayHaveACommaInItsName() throws Exception {
    dashboard.feed().bring(report("r", 3).norm("conv(1,2)", 7).build());
    assertThat(
            dashboard
                .json("/api/v1/runs/r/series?keys=nc1,loss&keys=norm.conv(1%2C2)")
                .path("columns")
                .toString())
        .endsWith("\"nc1\":[null],\"loss\":[null],\"norm.conv(1,2)\":[7.0]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "keys=nc1,nc9 | there is no key \"nc9\"; GET /api/v1/catalog lists the metrics, /openapi.json the others",
        "keys= | there is no key \"\"; GET /api/v1/catalog lists the metrics, /openapi.json the others",
        "kind=%3Cb%3E | kind is \"<b>\"; expected rolling or snapshot",
        "from=-1 | from is \"-1\"; expected a whole number of at least 0",
        "to=99999999999999999999 | to is \"99999999999999999999\"; expected a whole number of at least 0",
        "points=0 | points is 0; expected 1..10000",
        "points=10001 | points is 10001; expected 1..10000",
        "points=many | points is \"many\"; expected a whole number of at least 0",
        "attempt=x | attempt is \"x\"; expected a whole number of at least 0",
        "attempt=4294967296 | attempt is 4294967296; expected 0..2147483647",
        "keys=nc1,loss,accuracy,ce_floor,ln_rho&points=9000 | 9000 points of 5 keys are asked for; expected at most 40000 together"
      })
  void whatCannotBeAnsweredIsAProblem(String query, String sentence) throws Exception {
    dashboard.feed().bring(nc1("r", 3, 1));
    for (String path : new String[] {"series", "series.csv", "margins"}) {
      assertProblem(
          dashboard.get("/api/v1/runs/r/" + path + "?" + query), 400, "bad_request", sentence);
    }
  }

  @Test
  void tooManyKeysAreAProblem() throws Exception {
    dashboard.feed().bring(nc1("r", 3, 1));
    StringBuilder keys = new StringBuilder("nc1");
    for (int i = 0; i < 32; i++) {
      keys.append("&keys=norm.").append(i);
    }
    assertProblem(
        dashboard.get("/api/v1/runs/r/series?keys=" + keys),
        400,
        "bad_request",
        "33 keys are asked for; expected at most 32");
  }

  @Test
  void aCsvHasARowForEachReport() throws Exception {
    List<WindowReport> reports = new ArrayList<>();
    for (int step = 0; step < 12_345; step++) {
      reports.add(nc1("r", step, 0.5));
    }
    dashboard.feed().bring(reports, List.of());
    dashboard.feed().bring(report("r", 12_345).epoch(2.5).build());
    HttpResponse<String> answer = dashboard.get("/api/v1/runs/r/series.csv?keys=nc1,loss");
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/csv; charset=utf-8");
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"r-train-penultimate-rolling.csv\"");
    assertThat(answer.body().split("\r\n"))
        .hasSize(12_347)
        .startsWith("step,epoch,timestamp_ms,nc1,loss", "0,,1790000000000,0.5,")
        .endsWith("12345,2.5,1790012345000,,");
    assertThat(dashboard.get("/api/v1/runs/r/series.csv?points=10").body().split("\r\n"))
        .hasSizeLessThan(20);
  }

  @Test
  void aHostileNameStaysTextInASpreadsheet() throws Exception {
    dashboard.feed().bring(report("r", 1).norm("=cmd(\"x\"),\r\n+1", 2).build());
    HttpResponse<String> answer =
        dashboard.get(
            "/api/v1/runs/r/series.csv?keys=norm.%3Dcmd(%22x%22)%2C%0D%0A%2B1&split=..%2F%22%3B");
    assertThat(answer.body())
        .startsWith("step,epoch,timestamp_ms,\"norm.=cmd(\"\"x\"\"),\r\n+1\"\r\n");
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"r-..___-penultimate-rolling.csv\"");
  }

  @Test
  void theMarginsAreHistogramsAndPercentiles() throws Exception {
    dashboard
        .feed()
        .bring(
            report("r", 3)
                .margins(-1, 2, 2)
                .with(MetricKey.MARGIN_P50, 2.125)
                .seen(2, 0.0005, 0.0015)
                .build(),
            nc1("r", 6, 1));
    assertThat(dashboard.get("/api/v1/runs/r/margins").body())
        .isEqualTo(
            "{\"run\":\"r\",\"split\":\"train\",\"layer\":\"penultimate\",\"kind\":\"rolling\",\"attempt\":0,\"columns\":{\"step\":[3],\"timestamp_ms\":[1790000003000]},\"bins\":[[%d,%d]],\"counts\":[[1,2]],\"quantiles\":{\"margin_p01\":[%s],\"margin_p05\":[%s],\"margin_p25\":[%s],\"margin_p50\":[2.125],\"margin_p75\":[%s],\"margin_p95\":[%s],\"margin_p99\":[%s]}}"
                .formatted(
                    MarginHistogram.bin(-1),
                    MarginHistogram.bin(2),
                    within(-1, 0.03),
                    within(-1, 3 * 0.05),
                    within(-1, 0.75),
                    within(2, (3 * 0.75 - 1) / 2),
                    within(2, (3 * 0.95 - 1) / 2),
                    within(2, (3 * 0.99 - 1) / 2)));
    JsonNode seen = dashboard.json("/api/v1/runs/r/margins?source=seen");
    // Both lie in bin 0, [0, 0.002).
    assertThat(seen.path("bins").toString()).isEqualTo("[[0]]");
    assertThat(seen.path("counts").toString()).isEqualTo("[[2]]");
    assertThat(seen.at("/quantiles/margin_p50/0").doubleValue())
        .isEqualTo(MarginHistogram.lowerEdge(1) / 2);
    assertProblem(
        dashboard.get("/api/v1/runs/r/margins?source=x"),
        400,
        "bad_request",
        "source is \"x\"; expected window or seen");
    assertProblem(
        dashboard.get("/api/v1/runs/r/margins?points=1001"),
        400,
        "bad_request",
        "points is 1001; expected 1..1000");
  }

  /** So far into the bin that the margin falls into. */
  private static double within(double margin, double share) {
    int bin = MarginHistogram.bin(margin);
    double from = MarginHistogram.lowerEdge(bin);
    return from + share * (MarginHistogram.lowerEdge(bin + 1) - from);
  }
}
