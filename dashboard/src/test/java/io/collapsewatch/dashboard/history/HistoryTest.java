package io.collapsewatch.dashboard.history;

import static io.collapsewatch.dashboard.Given.START_MS;
import static io.collapsewatch.dashboard.Given.alert;
import static io.collapsewatch.dashboard.Given.curve;
import static io.collapsewatch.dashboard.Given.nc1;
import static io.collapsewatch.dashboard.Given.report;
import static io.collapsewatch.dashboard.Given.resolved;
import static io.collapsewatch.dashboard.Given.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.dashboard.Fed;
import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.board.WatchedRun;
import io.collapsewatch.dashboard.board.Window;
import io.collapsewatch.dashboard.feed.Intake;
import io.collapsewatch.dashboard.series.MarginRow;
import io.collapsewatch.dashboard.series.SeriesRow;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.MarginHistogram;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.WindowReport.Kind;
import io.collapsewatch.protocol.codec.AlertJson;
import io.collapsewatch.protocol.codec.FittedCurveJson;
import io.collapsewatch.protocol.codec.ReportJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

  @TempDir private Path folder;
  private Path file;
  private History history;
  private Board board;
  private Intake intake;
  private Fed feed;

  @BeforeEach
  void open() {
    file = folder.resolve("history.db");
    open(file);
  }

  private void open(Path path) {
    history = History.open(path);
    board = new Board();
    intake = new Intake(history, board);
    feed = new Fed(intake);
  }

  @AfterEach
  void close() {
    history.close();
  }

  private void reopen() {
    history.close();
    open(file);
  }

  @Test
  void aSeriesComesBackAsItWasWritten() {
    feed.bring(
        report("r", 3).epoch(0.5).with(MetricKey.NC1, 0.25).training("loss", 2).build(),
        report("r", 6).with(MetricKey.NC1_CDNV, 1e-300).norm("head, \u0000 or ß", 7).build());
    List<String> keys =
        List.of("nc1", "norm.head, \u0000 or ß", "loss", "nc1_cdnv", "completeness");

    List<SeriesRow> rows = rows(of("r", 0), StepRange.ALL, keys);
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).place()).isZero();
    assertThat(rows.get(0).step()).isEqualTo(3);
    assertThat(rows.get(0).epoch()).isEqualTo(0.5);
    assertThat(rows.get(0).timestampMs()).isEqualTo(START_MS + 3000);
    assertThat(rows.get(0).values()).containsExactly(0.25, Double.NaN, 2, Double.NaN, 0.5);
    assertThat(rows.get(1).epoch()).isNaN();
    assertThat(rows.get(1).values()).containsExactly(Double.NaN, 7, Double.NaN, 1e-300, 0.5);
  }

  @Test
  void windowsAndAttemptsAreSeriesOfTheirOwn() {
    feed.bring(
        nc1("r", 1, 1),
        report("r", 1).attempt(1).with(MetricKey.NC1, 2).build(),
        report("r", 1).window("test", "penultimate", Kind.ROLLING).with(MetricKey.NC1, 3).build(),
        report("r", 1).window("train", "block-1", Kind.ROLLING).with(MetricKey.NC1, 4).build(),
        report("r", 1).window("train", "penultimate", Kind.SNAPSHOT).with(MetricKey.NC1, 5).build(),
        nc1("q", 1, 6));
    assertThat(nc1s(of("r", 0))).containsExactly(1.0);
    assertThat(nc1s(of("r", 1))).containsExactly(2.0);
    assertThat(nc1s(new SeriesId("r", 0, new Window("test", "penultimate", Kind.ROLLING))))
        .containsExactly(3.0);
    assertThat(nc1s(new SeriesId("r", 0, Window.SNAPSHOT))).containsExactly(5.0);
    assertThat(nc1s(of("q", 0))).containsExactly(6.0);
    assertThat(nc1s(of("nobody", 0))).isEmpty();
    assertThat(history.attempts("r")).containsExactly(0, 1);
  }

  @Test
  void aRangeOfStepsIsReadAcrossPages() {
    List<WindowReport> all = new ArrayList<>();
    for (int step = 0; step < 25_000; step++) {
      all.add(nc1("r", step, step));
    }
    feed.bring(all, List.of());
    assertThat(nc1s(of("r", 0))).hasSize(25_000).isSorted();
    assertThat(rows(of("r", 0), new StepRange(9_999, 20_001), List.of("nc1")))
        .extracting(SeriesRow::step)
        .hasSize(10_003)
        .startsWith(9_999L, 10_000L)
        .endsWith(20_000L, 20_001L);
    assertThat(rows(of("r", 0), new StepRange(25_000, Long.MAX_VALUE), List.of("nc1"))).isEmpty();
  }

  @Test
  void theMarginsComeBackAsTheyWere() {
    MarginHistogram margins = MarginHistogram.of(-1e9, -3, -0.001, 0, 0.0001, 0.0001, 5, 1e9);
    feed.bring(
        report("r", 1).margins(-1e9, -3, -0.001, 0, 0.0001, 0.0001, 5, 1e9).build(),
        report("r", 2).seen(1, 4, 4).with(MetricKey.MARGIN_P50, 4).build());
    List<MarginRow> held = margins(false);
    assertThat(held).hasSize(1);
    assertThat(held.get(0).row().step()).isEqualTo(1);
    assertThat(held.get(0).bins().bins())
        .containsExactly(margins.counts().keySet().stream().mapToInt(Integer::intValue).toArray());
    assertThat(held.get(0).bins().counts())
        .containsExactly(margins.counts().values().stream().mapToLong(Long::longValue).toArray());
    assertThat(margins(true)).hasSize(1);
    assertThat(margins(true).get(0).bins().counts()).containsExactly(2);
    assertThat(margins(true).get(0).row().values()).containsExactly(4);
  }

  @Test
  void theNewestReportOfEachWindowIsKeptWhole() {
    WindowReport newest = report("r", 9).margins(1, 2, 3).norm("head", 2).build();
    WindowReport test = report("r", 4).window("test", "penultimate", Kind.SNAPSHOT).build();
    feed.bring(nc1("r", 3, 1), test);
    feed.bring(nc1("r", 6, 1), newest);
    assertThat(latest("r")).containsExactly(test, newest);

    WindowReport restarted = report("r", 1).attempt(1).build();
    feed.bring(restarted, nc1("r", 12, 1));
    assertThat(latest("r")).containsExactly(restarted);
  }

  @Test
  void everythingIsAsBeforeAfterARestart() {
    for (int step = 0; step < 200; step++) {
      feed.bring(nc1("r", step, 1.0 / (1 + step)));
    }
    feed.bring(
        report("p", 5).window("test", "block-1", Kind.SNAPSHOT).with(MetricKey.NC1, 3).build());
    feed.bring(status("r", 0, RunStatus.State.COLLAPSING, START_MS, Map.of("a", "<b>")));
    feed.bring(nc1("gone", 1, 1));
    assertThat(intake.hide("gone")).isTrue();
    List<WatchedRun> before = board.runs();
    Map<Source, Long> offsets = intake.offsets();

    reopen();
    assertThat(board.runs()).usingRecursiveComparison().isEqualTo(before);
    assertThat(board.runs()).extracting(WatchedRun::id).containsExactly("r", "p");
    assertThat(intake.offsets()).isEqualTo(offsets);
    assertThat(offsets).containsEntry(Fed.REPORTS, 202L).containsEntry(Fed.RUNS, 1L);
    feed.bring(nc1("gone", 2, 1));
    assertThat(board.run("gone")).isEmpty();
    feed.bring(report("gone", 2).attempt(1).build());
    assertThat(board.run("gone")).isPresent();
    reopen();
    assertThat(board.run("gone").orElseThrow().hiddenAttempt()).isEqualTo(OptionalInt.empty());
  }

  @Test
  void alertsAreAsBeforeAfterARestart() {
    feed.bring(nc1("r", 1, 1));
    feed.bring(alert("r", Alert.State.STALLED, 2000), alert("r", Alert.State.SILENT, 3000));
    feed.bring(resolved("r", Alert.State.STALLED, 2000, 4000));
    List<WatchedRun> before = board.runs();

    reopen();
    assertThat(board.runs()).usingRecursiveComparison().isEqualTo(before);
    assertThat(board.run("r").orElseThrow().alerts().firing())
        .containsExactly(alert("r", Alert.State.SILENT, 3000));
    assertThat(intake.offsets()).containsEntry(Fed.ALERTS, 3L);
    assertThat(alerts("r", 100))
        .containsExactly(
            alert("r", Alert.State.SILENT, 3000), resolved("r", Alert.State.STALLED, 2000, 4000));
    assertThat(alerts("r", 1)).containsExactly(alert("r", Alert.State.SILENT, 3000));
  }

  /** As from an analyzer that begins again: at other offsets, in any order. */
  @Test
  void aRepeatedAlertChangesNothing() {
    Alert firing = alert("r", Alert.State.STALLED, 2000);
    Alert resolved = resolved("r", Alert.State.STALLED, 2000, 4000);
    feed.bring(firing, resolved);
    feed.bring(firing);
    feed.bring(resolved, firing);
    assertThat(alerts("r", 100)).containsExactly(resolved);
    assertThat(board.run("r").orElseThrow().alerts().firing()).isEmpty();
    reopen();
    assertThat(board.run("r").orElseThrow().alerts().firing()).isEmpty();
  }

  @Test
  void anAlertThatKafkaLostIsForgottenAndReadAgain() {
    feed.bring(alert("r", Alert.State.STALLED, 2000), alert("r", Alert.State.SILENT, 3000));
    intake.rewind(Fed.ALERTS, 1);
    assertThat(alerts("r", 100)).containsExactly(alert("r", Alert.State.STALLED, 2000));
    feed = new Fed(intake);
    feed.bring(alert("r", Alert.State.REGRESSING, 3500));
    assertThat(alerts("r", 100))
        .containsExactly(
            alert("r", Alert.State.REGRESSING, 3500), alert("r", Alert.State.STALLED, 2000));
  }

  @Test
  void oldAlertsAreDeletedButForThoseThatFire() {
    feed.bring(nc1("r", 10, 1), nc1("old", 1, 1));
    feed.bring(
        resolved("r", Alert.State.STALLED, 1000, 3000),
        resolved("r", Alert.State.STALLED, 4000, 8000),
        alert("r", Alert.State.SILENT, 1000),
        alert("old", Alert.State.SILENT, 2000));
    intake.expire(START_MS + 7000);
    assertThat(alerts("r", 100))
        .containsExactly(
            resolved("r", Alert.State.STALLED, 4000, 8000), alert("r", Alert.State.SILENT, 1000));
    assertThat(alerts("old", 100)).isEmpty();
  }

  @Test
  void theNewestCurveOfTheNewestAttemptIsKept() {
    feed.bring(nc1("r", 1, 1));
    assertThat(history.curve("r")).isEmpty();
    feed.bring(curve("r", 0, 0.5));
    feed.bring(curve("r", 0, 0.25));
    assertThat(curveOf("r")).contains(curve("r", 0, 0.25));
    reopen();
    assertThat(curveOf("r")).contains(curve("r", 0, 0.25));
    assertThat(intake.offsets()).containsEntry(Fed.CURVES, 2L);

    feed.bring(report("r", 1).attempt(1).build());
    assertThat(history.curve("r")).isEmpty();
    feed.bring(curve("r", 0, 0.125));
    assertThat(history.curve("r")).isEmpty();
    feed.bring(curve("r", 1, 0.125));
    assertThat(curveOf("r")).contains(curve("r", 1, 0.125));
  }

  @Test
  void aCurveThatKafkaLostIsForgottenAndThatOfAnOldRunDeleted() {
    feed.bring(nc1("r", 10, 1), nc1("old", 1, 1));
    feed.bring(curve("r", 0, 0.5));
    feed.bring(curve("old", 0, 0.5));
    intake.expire(START_MS + 7000);
    assertThat(history.curve("old")).isEmpty();
    assertThat(history.curve("r")).isPresent();
    intake.rewind(Fed.CURVES, 0);
    assertThat(history.curve("r")).isEmpty();
  }

  @Test
  void whatWasReadBeforeIsNotTakenAgain() {
    Received<WindowReport> first = received(0, nc1("r", 1, 1));
    Received<WindowReport> second = received(1, nc1("r", 2, 2));
    Received<WindowReport> third = received(2, nc1("r", 3, 3));
    intake.take(batch(2, List.of(first, second)));
    intake.take(batch(3, List.of(first, second, third)));
    intake.take(batch(3, List.of(third)));
    assertThat(nc1s(of("r", 0))).containsExactly(1.0, 2.0, 3.0);
    assertThat(board.run("r").orElseThrow().reports()).isEqualTo(3);
    assertThat(intake.reportsTaken()).isEqualTo(3);
  }

  @Test
  void aTopicThatWasMadeAnewIsReadFromItsBeginning() {
    intake.take(batch(1, List.of(received(0, nc1("r", 1, 1)))));
    Source anew = new Source(Fed.REPORTS.topic(), "another-id", 0);
    intake.take(
        new Batch(
            List.of(new Received<>(anew, 0, nc1("r", 2, 2))),
            List.of(),
            List.of(),
            List.of(),
            Map.of(anew, 1L)));
    assertThat(nc1s(of("r", 0))).containsExactly(1.0, 2.0);
  }

  /** The second of two reports lies where one was read already, which the table refuses. */
  @Test
  void aBatchIsWrittenWholeOrNotAtAll() {
    intake.take(batch(1, List.of(received(0, nc1("r", 1, 1)))));
    Map<Source, Long> offsets = intake.offsets();
    List<WatchedRun> runs = board.runs();
    Batch broken =
        batch(
            3,
            List.of(
                received(1, nc1("s", 1, 1)),
                received(2, nc1("r", 2, 2)),
                received(2, nc1("r", 3, 3))));

    assertThatThrownBy(() -> intake.take(broken))
        .isInstanceOf(HistoryException.class)
        .hasMessageStartingWith("the history \"" + file + "\" cannot be written: ");
    assertThat(nc1s(of("r", 0))).containsExactly(1.0);
    assertThat(nc1s(of("s", 0))).isEmpty();
    assertThat(intake.offsets()).isEqualTo(offsets);
    assertThat(board.runs()).isEqualTo(runs);
    assertThat(history.runs()).usingRecursiveComparison().isEqualTo(runs);

    intake.take(batch(3, List.of(received(1, nc1("s", 1, 1)), received(2, nc1("r", 2, 2)))));
    assertThat(nc1s(of("r", 0))).containsExactly(1.0, 2.0);
    assertThat(nc1s(of("s", 0))).containsExactly(1.0);
  }

  /** The files as they lie there while the process works are what a killed one leaves behind. */
  @Test
  void aKilledProcessLeavesEveryBatchThatWasTakenAndNoOther() throws IOException {
    for (int killedAfter = 1; killedAfter <= 5; killedAfter++) {
      feed.bring(nc1("r", killedAfter, killedAfter), nc1("r", killedAfter, killedAfter));
      Path left = Files.createDirectory(folder.resolve("left-" + killedAfter));
      for (String name : List.of("history.db", "history.db-wal")) {
        Files.copy(folder.resolve(name), left.resolve(name));
      }
      try (History found = History.open(left.resolve("history.db"))) {
        assertThat(found.offsets()).containsEntry(Fed.REPORTS, 2L * killedAfter);
        assertThat(found.runs()).singleElement().matches(run -> run.reports() == run.step() * 2);
        List<Long> steps = new ArrayList<>();
        found.series(of("r", 0), StepRange.ALL, List.of(), row -> steps.add(row.step()));
        assertThat(steps).hasSize(2 * killedAfter);
      }
    }
  }

  /** As after a power cut that took the end of Kafka's log: the same offsets hold others now. */
  @Test
  void whatKafkaLostIsForgottenAndReadAgain() {
    intake.take(
        batch(
            3,
            List.of(
                received(0, nc1("r", 1, 1)),
                received(1, report("r", 2).margins(5).with(MetricKey.NC1, 2).build()),
                received(2, nc1("r", 3, 3)))));
    intake.rewind(Fed.REPORTS, 1);
    assertThat(intake.offsets()).containsEntry(Fed.REPORTS, 1L);
    intake.take(batch(2, List.of(received(1, nc1("r", 2, 2.5)))));
    assertThat(nc1s(of("r", 0))).containsExactly(1.0, 2.5);
    assertThat(margins(false)).isEmpty();
    reopen();
    assertThat(intake.offsets()).containsEntry(Fed.REPORTS, 2L);
  }

  @Test
  void oldReportsAreDeletedAndRunsWithNothingNewer() {
    for (int step = 0; step < 10; step++) {
      feed.bring(report("r", step).with(MetricKey.NC1, step).margins(step).build());
    }
    feed.bring(nc1("old", 3, 1));
    feed.bring(status("only-status", 0, RunStatus.State.ENDED, START_MS + 3000));

    intake.expire(START_MS + 7000);
    assertThat(nc1s(of("r", 0))).containsExactly(7.0, 8.0, 9.0);
    assertThat(margins(false)).hasSize(3);
    assertThat(board.runs()).extracting(WatchedRun::id).containsExactly("r");
    assertThat(history.attempts("old")).isEmpty();
    feed.bring(nc1("r", 10, 10), nc1("old", 11, 11));
    assertThat(nc1s(of("r", 0))).containsExactly(7.0, 8.0, 9.0, 10.0);
    assertThat(nc1s(of("old", 0))).containsExactly(11.0);
    reopen();
    assertThat(board.runs()).extracting(WatchedRun::id).containsExactly("old", "r");
  }

  @Test
  void aReportOfAnotherVersionIsLeftOutOfTheBoardOnly() throws SQLException {
    feed.bring(nc1("r", 1, 1));
    feed.bring(status("r", 0, RunStatus.State.FITTING, START_MS));
    history.close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute("UPDATE latest SET report = '{\"version\":0}'");
      unused = statement.execute("UPDATE statuses SET status = '{\"version\":0}'");
    }
    open(file);
    WatchedRun run = board.run("r").orElseThrow();
    assertThat(run.windows()).isEmpty();
    assertThat(run.state()).isEmpty();
    assertThat(run.reports()).isEqualTo(1);
    assertThat(nc1s(of("r", 0))).containsExactly(1.0);
  }

  @Test
  void aHistoryIsOpenOnlyOnce() {
    assertThatThrownBy(() -> History.open(file))
        .isInstanceOf(HistoryException.class)
        .hasMessage(
            "the history \"%s\" is in use by another process; stop that or name another file"
                .formatted(file));
  }

  private static Received<WindowReport> received(long offset, WindowReport report) {
    return new Received<>(Fed.REPORTS, offset, report);
  }

  private static Batch batch(long next, List<Received<WindowReport>> reports) {
    return new Batch(reports, List.of(), List.of(), List.of(), Map.of(Fed.REPORTS, next));
  }

  private static SeriesId of(String run, int attempt) {
    return new SeriesId(run, attempt, Window.ROLLING);
  }

  private List<Double> nc1s(SeriesId series) {
    return rows(series, StepRange.ALL, List.of("nc1")).stream().map(r -> r.values()[0]).toList();
  }

  private List<SeriesRow> rows(SeriesId series, StepRange steps, List<String> keys) {
    List<SeriesRow> rows = new ArrayList<>();
    history.series(series, steps, keys, rows::add);
    return rows;
  }

  private List<MarginRow> margins(boolean seen) {
    List<MarginRow> rows = new ArrayList<>();
    history.margins(of("r", 0), StepRange.ALL, seen, List.of("margin_p50"), rows::add);
    return rows;
  }

  private List<Alert> alerts(String run, int most) {
    return history.alerts(run, most).stream().map(AlertJson::decode).toList();
  }

  private Optional<FittedCurve> curveOf(String run) {
    return history.curve(run).map(FittedCurveJson::decode);
  }

  private List<WindowReport> latest(String run) {
    return history.latest(run).stream().map(ReportJson::decode).toList();
  }
}
