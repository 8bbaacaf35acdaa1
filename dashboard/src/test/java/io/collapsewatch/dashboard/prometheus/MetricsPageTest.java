package io.collapsewatch.dashboard.prometheus;

import static io.collapsewatch.dashboard.Given.START_MS;
import static io.collapsewatch.dashboard.Given.alert;
import static io.collapsewatch.dashboard.Given.nc1;
import static io.collapsewatch.dashboard.Given.report;
import static io.collapsewatch.dashboard.Given.resolved;
import static io.collapsewatch.dashboard.Given.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.board.News;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsPageTest {

  private final Board board = new Board();
  private final MetricsPage page =
      new MetricsPage(
          board,
          new MetricsPage.Counts() {
            @Override
            public long reports() {
              return 7;
            }

            @Override
            public long skipped() {
              return 1;
            }

            @Override
            public long events() {
              return 12;
            }

            @Override
            public long clients() {
              return 3;
            }
          });

  @Test
  void theNewestValueOfEachWindowIsThere() {
    take(
        nc1("r", 1, 9),
        nc1("r", 3, 0.25),
        report("r", 2)
            .window("test", "block-1", WindowReport.Kind.SNAPSHOT)
            .with(MetricKey.NC1, 0.5)
            .build());
    assertThat(lines("collapsewatch_nc1{"))
        .containsExactly(
            "collapsewatch_nc1{kind=\"rolling\",layer=\"penultimate\",run=\"r\",split=\"train\"} 0.25",
            "collapsewatch_nc1{kind=\"snapshot\",layer=\"block-1\",run=\"r\",split=\"test\"} 0.5");
    assertThat(lines("# HELP collapsewatch_nc1 "))
        .containsExactly(
            "# HELP collapsewatch_nc1 Within-class over between-class covariance, tr(Σ_W Σ_B⁺)/K; 0 at collapse");
    assertThat(lines("collapsewatch_report_step{"))
        .contains(
            "collapsewatch_report_step{kind=\"rolling\",layer=\"penultimate\",run=\"r\",split=\"train\"} 3.0");
    assertThat(lines("collapsewatch_report_timestamp_seconds{"))
        .contains(
            "collapsewatch_report_timestamp_seconds{kind=\"rolling\",layer=\"penultimate\",run=\"r\",split=\"train\"} 1.790000003E9");
    assertThat(lines("collapsewatch_run_info"))
        .containsExactly("collapsewatch_run_info{attempt=\"0\",run=\"r\",state=\"unknown\"} 1");
  }

  @Test
  void whatIsUndefinedIsNotThere() {
    take(nc1("r", 3, 0.25));
    assertThat(text()).doesNotContain("collapsewatch_ln_rho{", "NaN");
  }

  @Test
  void anEndedOrHiddenRunVanishes() {
    take(nc1("ends", 3, 0.25), nc1("hidden", 3, 0.25), nc1("stays", 3, 0.25));
    take(
        new News(
            List.of(),
            List.of(status("ends", 0, RunStatus.State.ENDED, START_MS + 9000)),
            List.of(),
            List.of()));
    board.hide(board.afterHiding("hidden").orElseThrow());
    assertThat(text()).contains("run=\"stays\"").doesNotContain("ends", "hidden");

    take(report("ends", 1).attempt(1).with(MetricKey.NC1, 1).build());
    assertThat(lines("collapsewatch_nc1{")).hasSize(2);
  }

  @Test
  void ofTooManyRunsTheNewestAreThereAndTheOthersAreCounted() {
    List<WindowReport> reports = new ArrayList<>();
    for (int i = 0; i < 203; i++) {
      reports.add(nc1("run-%03d".formatted(i), i, 1));
    }
    take(reports.toArray(WindowReport[]::new));
    assertThat(lines("collapsewatch_nc1{"))
        .hasSize(200)
        .noneMatch(line -> line.contains("run-000"))
        .noneMatch(line -> line.contains("run-002"))
        .anyMatch(line -> line.contains("run-003"));
    assertThat(lines("collapsewatch_runs_left_out "))
        .containsExactly("collapsewatch_runs_left_out 3.0");
  }

  @Test
  void theDashboardCountsItself() {
    assertThat(lines("collapsewatch_reports_received_total "))
        .containsExactly("collapsewatch_reports_received_total 7.0");
    assertThat(lines("collapsewatch_records_skipped_total "))
        .containsExactly("collapsewatch_records_skipped_total 1.0");
    assertThat(lines("collapsewatch_events_sent_total "))
        .containsExactly("collapsewatch_events_sent_total 12.0");
    assertThat(lines("collapsewatch_event_clients "))
        .containsExactly("collapsewatch_event_clients 3.0");
  }

  @Test
  void alertsThatFireAreThereUntilTheyAreResolved() {
    take(alert("r", Alert.State.STALLED, 1000), alert("s", Alert.State.SILENT, 1000));
    assertThat(lines("collapsewatch_alerts_firing{"))
        .containsExactly(
            "collapsewatch_alerts_firing{run=\"r\",state=\"stalled\"} 1.0",
            "collapsewatch_alerts_firing{run=\"s\",state=\"silent\"} 1.0");
    take(resolved("r", Alert.State.STALLED, 1000, 2000));
    board.hide(board.afterHiding("s").orElseThrow());
    assertThat(lines("collapsewatch_alerts_firing{")).isEmpty();
  }

  @Test
  void theProcessIsMeasuredToo() {
    assertThat(lines("jvm_memory_used_bytes{")).isNotEmpty();
    assertThat(lines("jvm_threads_live_threads ")).hasSize(1);
    assertThat(lines("process_uptime_seconds ")).hasSize(1);
  }

  @Test
  void everyOneOfManyReadersAtOnceSeesEveryRun() {
    for (int i = 0; i < 50; i++) {
      take(everyMetric("run-" + i, WindowReport.Kind.ROLLING));
    }
    int series = lines("collapsewatch_").size();
    assertThat(
            IntStream.range(0, 100)
                .parallel()
                .mapToObj(i -> lines("collapsewatch_").size())
                .distinct())
        .containsExactly(series);
  }

  /** The feed refuses such names; should one get here, it stays inside its quotes. */
  @Test
  void aHostileNameStaysInItsLabel() {
    take(nc1("a\"} 1\n# TYPE x\\", 3, 0.25));
    assertThat(lines("collapsewatch_nc1{"))
        .containsExactly(
            "collapsewatch_nc1{kind=\"rolling\",layer=\"penultimate\",run=\"a\\\"} 1\\n# TYPE x\\\\\",split=\"train\"} 0.25");
  }

  @Test
  void promtoolAcceptsIt() throws Exception {
    assumeTrue(
        promtoolIsThere() || "true".equals(System.getenv("CI")),
        "promtool is not installed; the Debian package prometheus has it");
    WindowReport.Kind[] kinds = WindowReport.Kind.values();
    for (WindowReport.Kind kind : kinds) {
      take(everyMetric("r", kind));
      take(alert("r", Alert.State.STALLED, 1000));
    }
    Process promtool = new ProcessBuilder("promtool", "check", "metrics").start();
    promtool.getOutputStream().write(page.get());
    promtool.getOutputStream().close();
    String said = new String(promtool.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).isEmpty();
    assertThat(promtool.waitFor()).isZero();
  }

  private static boolean promtoolIsThere() {
    try {
      return new ProcessBuilder("promtool", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static WindowReport everyMetric(String run, WindowReport.Kind kind) {
    var report = report(run, 3).window("train", "penultimate", kind);
    for (MetricKey key : MetricKey.values()) {
      report.with(key, 0.5);
    }
    return report.build();
  }

  private void take(WindowReport... reports) {
    take(new News(List.of(reports), List.of(), List.of(), List.of()));
  }

  private void take(Alert... alerts) {
    take(new News(List.of(), List.of(), List.of(alerts), List.of()));
  }

  private void take(News news) {
    board.set(board.after(news), news);
  }

  private String text() {
    return new String(page.get(), StandardCharsets.UTF_8);
  }

  private List<String> lines(String prefix) {
    return text().lines().filter(line -> line.startsWith(prefix)).toList();
  }
}
