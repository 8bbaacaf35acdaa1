package io.collapsewatch.dashboard;

import static io.collapsewatch.dashboard.Given.START_MS;
import static io.collapsewatch.dashboard.Given.alert;
import static io.collapsewatch.dashboard.Given.curve;
import static io.collapsewatch.dashboard.Given.judged;
import static io.collapsewatch.dashboard.Given.nc1;
import static io.collapsewatch.dashboard.Given.report;
import static io.collapsewatch.dashboard.Given.resolved;
import static io.collapsewatch.dashboard.Given.status;
import static io.collapsewatch.dashboard.Running.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.CheckKey;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.AlertJson;
import io.collapsewatch.protocol.codec.FittedCurveJson;
import io.collapsewatch.protocol.codec.ReportJson;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

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
  void anEmptyDashboardHasNoRuns() throws Exception {
    assertThat(dashboard.get("/api/v1/runs").body()).isEqualTo("{\"runs\":[]}");
  }

  @Test
  void aRunIsListedWithEverythingThatIsKnownOfIt() throws Exception {
    dashboard.feed().bring(report("r", 9).epoch(1.5).with(MetricKey.NC1, 0.25).build());
    dashboard
        .feed()
        .bring(status("r", 0, RunStatus.State.COLLAPSING, START_MS + 10_000, Map.of("a", "b")));
    assertThat(dashboard.get("/api/v1/runs").body())
        .isEqualTo(
            "{\"runs\":[{\"run\":\"r\",\"attempt\":0,\"state\":\"collapsing\",\"reason\":\"because of 3 samples\",\"since_ms\":1790000009999,\"started_ms\":1789999999995,\"last_ms\":1790000010000,\"step\":9,\"epoch\":1.5,\"classes\":3,\"dim\":64,\"nc1\":0.25,\"reports\":1,\"tags\":{\"a\":\"b\"},\"settings\":{\"classes\":3,\"batch_norm\":true},\"spark\":{\"step\":[9],\"nc1\":[0.25]}}]}");
  }

  @Test
  void aRunWithoutAStatusIsUnknown() throws Exception {
    dashboard.feed().bring(report("r", 9).build());
    assertThat(dashboard.get("/api/v1/runs").body())
        .isEqualTo(
            "{\"runs\":[{\"run\":\"r\",\"attempt\":0,\"state\":\"unknown\",\"started_ms\":1790000009000,\"last_ms\":1790000009000,\"step\":9,\"classes\":3,\"dim\":64,\"reports\":1,\"tags\":{},\"settings\":{},\"spark\":{\"step\":[],\"nc1\":[]}}]}");
  }

  @Test
  void oneRunComesWithTheNewestReportOfEachWindow() throws Exception {
    WindowReport rolling = report("r", 9).margins(1, 2).norm("<b>", 2).build();
    WindowReport test =
        report("r", 6).window("test", "block-1", WindowReport.Kind.SNAPSHOT).build();
    dashboard.feed().bring(nc1("r", 3, 1), test, rolling);
    JsonNode answer = dashboard.json("/api/v1/runs/r");
    assertThat(answer.path("run")).isEqualTo(dashboard.json("/api/v1/runs").at("/runs/0"));
    assertThat(answer.path("attempts").toString()).isEqualTo("[0]");
    assertThat(answer.path("latest")).hasSize(2);
    assertThat(answer.at("/latest/0/split").textValue()).isEqualTo("test");
    assertThat(answer.at("/latest/0/layer").textValue()).isEqualTo("block-1");
    assertThat(answer.at("/latest/0/kind").textValue()).isEqualTo("snapshot");
    assertThat(answer.at("/latest/0/report")).isEqualTo(JSON.readTree(ReportJson.encode(test)));
    assertThat(answer.at("/latest/1/report")).isEqualTo(JSON.readTree(ReportJson.encode(rolling)));
  }

  @Test
  void alertsComeWithTheRunTheNewestFirst() throws Exception {
    dashboard.feed().bring(nc1("r", 1, 1));
    assertThat(dashboard.json("/api/v1/runs/r").path("alerts")).isEmpty();
    assertThat(dashboard.json("/api/v1/runs").at("/runs/0").has("alerts_firing")).isFalse();

    Alert stalled = resolved("r", Alert.State.STALLED, 2000, 4000);
    Alert silent = alert("r", Alert.State.SILENT, 3000);
    dashboard.feed().bring(stalled, silent);
    JsonNode alerts = dashboard.json("/api/v1/runs/r").path("alerts");
    assertThat(alerts).hasSize(2);
    assertThat(alerts.get(0)).isEqualTo(JSON.readTree(AlertJson.encode(silent)));
    assertThat(alerts.get(1)).isEqualTo(JSON.readTree(AlertJson.encode(stalled)));
    assertThat(dashboard.json("/api/v1/runs").at("/runs/0/alerts_firing").intValue()).isEqualTo(1);

    dashboard.feed().bring(resolved("r", Alert.State.SILENT, 3000, 5000));
    assertThat(dashboard.json("/api/v1/runs").at("/runs/0").has("alerts_firing")).isFalse();
  }

  @Test
  void theFittedCurveComesWithTheRunUntilALaterAttempt() throws Exception {
    dashboard.feed().bring(nc1("r", 1, 1));
    assertThat(dashboard.json("/api/v1/runs/r").has("curve")).isFalse();
    dashboard.feed().bring(curve("r", 0, 0.5));
    assertThat(dashboard.json("/api/v1/runs/r").path("curve"))
        .isEqualTo(JSON.readTree(FittedCurveJson.encode(curve("r", 0, 0.5))));
    dashboard.feed().bring(report("r", 1).attempt(1).build());
    assertThat(dashboard.json("/api/v1/runs/r").has("curve")).isFalse();
  }

  @Test
  void howARunWasJudgedIsPassedOn() throws Exception {
    dashboard.feed().bring(nc1("r", 900, 0.5));
    dashboard.feed().bring(judged("r", RunStatus.State.STALLED));
    JsonNode run = dashboard.json("/api/v1/runs").at("/runs/0");
    assertThat(run.path("state").textValue()).isEqualTo("stalled");
    assertThat(run.path("terminal_step").longValue()).isEqualTo(280);
    assertThat(run.path("terminal_epoch").doubleValue()).isEqualTo(10);
    assertThat(run.path("floor").toString()).isEqualTo("{\"nc1\":0.1,\"source\":\"setting\"}");
    assertThat(run.path("trend").toString())
        .isEqualTo("{\"value\":-0.45,\"low\":-0.5,\"high\":-0.4,\"reports\":33}");
    dashboard.feed().bring(report("r", 1).attempt(1).build());
    assertThat(dashboard.json("/api/v1/runs").at("/runs/0").has("trend")).isFalse();
  }

  @Test
  void ofManyAlertsAHundredAreAnswered() throws Exception {
    for (long ms = 0; ms < 101; ms++) {
      dashboard.feed().bring(resolved("r", Alert.State.STALLED, ms, ms));
    }
    JsonNode alerts = dashboard.json("/api/v1/runs/r").path("alerts");
    assertThat(alerts).hasSize(100);
    assertThat(alerts.get(99).path("starts_ms").longValue()).isEqualTo(START_MS + 1);
  }

  @Test
  void anUnknownRunIsAProblem() throws Exception {
    for (String path : new String[] {"", "/series", "/series.csv", "/margins"}) {
      assertProblem(
          dashboard.get("/api/v1/runs/%3Cscript%3E" + path),
          404,
          "not_found",
          "there is no run \"<script>\"; GET /api/v1/runs lists those that there are");
    }
  }

  @Test
  void aHiddenRunIsGoneButNotForgotten() throws Exception {
    dashboard.feed().bring(nc1("r", 3, 1), nc1("s", 3, 1));
    HttpResponse<String> answer = dashboard.send(dashboard.request("/api/v1/runs/r").DELETE());
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(dashboard.json("/api/v1/runs").findValuesAsText("run")).containsExactly("s");
    assertThat(dashboard.get("/api/v1/runs/r").statusCode()).isEqualTo(404);
    assertThat(dashboard.send(dashboard.request("/api/v1/runs/r").DELETE()).statusCode())
        .isEqualTo(404);

    dashboard.feed().bring(report("r", 1).attempt(1).with(MetricKey.NC1, 2).build());
    assertThat(dashboard.json("/api/v1/runs/r").path("attempts").toString()).isEqualTo("[0,1]");
    assertThat(dashboard.json("/api/v1/runs/r/series?attempt=0").at("/columns/nc1").toString())
        .isEqualTo("[1.0]");
  }

  @Test
  void hostileTagsStayText() throws Exception {
    Map<String, String> tags =
        Map.of(
            "<script>alert(1)</script>", "\"}],\"x\":\n\u2028</script>\u202E",
            "long", "x".repeat(64 << 10),
            "half", "\ud800 a");
    dashboard.feed().bring(status("r", 0, RunStatus.State.FITTING, START_MS, tags));
    JsonNode run = dashboard.json("/api/v1/runs").at("/runs/0");
    assertThat(run.path("tags").path("<script>alert(1)</script>").textValue())
        .isEqualTo("\"}],\"x\":\n\u2028</script>\u202E");
    assertThat(run.path("tags").path("long").textValue()).isEqualTo("x".repeat(1000) + "…");
    assertThat(run.path("settings").has("tags")).isFalse();
    assertThat(dashboard.get("/api/v1/runs").headers().firstValue("X-Content-Type-Options"))
        .contains("nosniff");
  }

  @Test
  void manyTagsAreCutToAHundred() throws Exception {
    Map<String, String> tags = new HashMap<>();
    for (int i = 0; i < 3000; i++) {
      tags.put("tag-%04d".formatted(i), "x");
    }
    dashboard.feed().bring(status("r", 0, RunStatus.State.FITTING, START_MS, tags));
    JsonNode shown = dashboard.json("/api/v1/runs").at("/runs/0/tags");
    assertThat(shown).hasSize(100);
    assertThat(shown.has("tag-0099")).isTrue();
  }

  @Test
  void theCatalogueIsThatOfTheMetricsAndTheChecks() throws Exception {
    JsonNode checks = dashboard.json("/api/v1/catalog").path("checks");
    assertThat(checks).hasSize(CheckKey.values().length);
    assertThat(checks.get(0).toString())
        .isEqualTo(
            "{\"key\":\"margin_mean\",\"unit\":\"logits\",\"help\":\"Mean margin, beside the model's at its minimum\"}");
    JsonNode metrics = dashboard.json("/api/v1/catalog").path("metrics");
    assertThat(metrics).hasSize(MetricKey.values().length);
    assertThat(metrics.get(0).toString())
        .isEqualTo(
            "{\"key\":\"classes_present\",\"unit\":\"classes\",\"help\":\"Classes with at least one sample in the window, K′\"}");
  }
}
