package io.collapsewatch.dashboard.board;

import static io.collapsewatch.dashboard.Given.START_MS;
import static io.collapsewatch.dashboard.Given.alert;
import static io.collapsewatch.dashboard.Given.curve;
import static io.collapsewatch.dashboard.Given.nc1;
import static io.collapsewatch.dashboard.Given.report;
import static io.collapsewatch.dashboard.Given.resolved;
import static io.collapsewatch.dashboard.Given.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.dashboard.series.Spark.Point;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.WindowReport.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoardTest {

  private final Board board = new Board();
  private final List<String> told = new ArrayList<>();

  @Test
  void aRunIsKnownFromItsFirstReport() {
    take(report("r", 4).epoch(1.5).with(MetricKey.NC1, 0.5).build());
    WatchedRun run = board.run("r").orElseThrow();
    assertThat(run.state()).isEmpty();
    assertThat(run.step()).isEqualTo(4);
    assertThat(run.epoch()).hasValue(1.5);
    assertThat(run.classes()).hasValue(3);
    assertThat(run.dim()).hasValue(64);
    assertThat(run.nc1()).hasValue(0.5);
    assertThat(run.startedMs()).isEqualTo(START_MS + 4000);
    assertThat(run.spark().points()).containsExactly(new Point(4, 0.5));
  }

  @Test
  void theNewestNewsComeFirst() {
    take(nc1("b", 1, 1), nc1("c", 9, 1), nc1("a", 1, 1));
    assertThat(board.runs()).extracting(WatchedRun::id).containsExactly("c", "a", "b");
    take(status("b", 0, RunStatus.State.ENDED, START_MS + 20_000));
    assertThat(board.runs()).extracting(WatchedRun::id).containsExactly("b", "c", "a");
  }

  @Test
  void passesStandInForARollingWindow() {
    take(
        report("r", 3)
            .window("train", "penultimate", Kind.SNAPSHOT)
            .with(MetricKey.NC1, 0.25)
            .build());
    assertThat(board.run("r").orElseThrow().nc1()).hasValue(0.25);
    assertThat(board.run("r").orElseThrow().spark().points()).containsExactly(new Point(3, 0.25));
    take(nc1("r", 4, 0.5));
    assertThat(board.run("r").orElseThrow().nc1()).hasValue(0.5);
    assertThat(board.run("r").orElseThrow().spark().points()).containsExactly(new Point(4, 0.5));
  }

  @Test
  void anotherSplitOrLayerDoesNotJudgeTheRun() {
    take(
        report("r", 3).window("test", "penultimate", Kind.ROLLING).with(MetricKey.NC1, 9).build(),
        report("r", 3).window("train", "block-1", Kind.ROLLING).with(MetricKey.NC1, 9).build());
    assertThat(board.run("r").orElseThrow().nc1()).isEmpty();
    assertThat(board.run("r").orElseThrow().windows()).hasSize(2);
  }

  @Test
  void aLaterAttemptBeginsAnew() {
    take(nc1("r", 100, 0.1));
    take(status("r", 0, RunStatus.State.ENDED, START_MS + 100_001));
    take(report("r", 3).attempt(1).at(START_MS + 200_000).with(MetricKey.NC1, 2).build());
    WatchedRun run = board.run("r").orElseThrow();
    assertThat(run.attempt()).isEqualTo(1);
    assertThat(run.state()).isEmpty();
    assertThat(run.step()).isEqualTo(3);
    assertThat(run.reports()).isEqualTo(2);
    assertThat(run.spark().points()).containsExactly(new Point(3, 2));
  }

  @Test
  void whatIsLeftOfAnEarlierAttemptIsOnlyCounted() {
    take(report("r", 3).attempt(1).with(MetricKey.NC1, 2).build());
    take(nc1("r", 100, 0.1));
    take(status("r", 0, RunStatus.State.ENDED, START_MS));
    WatchedRun run = board.run("r").orElseThrow();
    assertThat(run.nc1()).hasValue(2);
    assertThat(run.step()).isEqualTo(3);
    assertThat(run.state()).isEmpty();
    assertThat(run.reports()).isEqualTo(2);
  }

  @Test
  void aHiddenRunComesBackWithItsNextAttempt() {
    take(nc1("r", 1, 1));
    board.listen(listener());
    board.hide(board.afterHiding("r").orElseThrow());
    assertThat(board.runs()).isEmpty();
    assertThat(board.run("r")).isEmpty();

    take(nc1("r", 2, 1));
    assertThat(board.runs()).isEmpty();

    take(report("r", 1).attempt(1).build());
    assertThat(board.run("r").orElseThrow().reports()).isEqualTo(3);
    assertThat(told).containsExactly("gone r", "[] [][]", "[r] [1][]");
  }

  @Test
  void anAlertFiresUntilItIsResolved() {
    take(nc1("r", 1, 1));
    take(alert("r", Alert.State.STALLED, 2000));
    assertThat(firing("r")).containsExactly(Alert.State.STALLED);
    take(alert("r", Alert.State.SILENT, 3000));
    assertThat(firing("r")).containsExactly(Alert.State.STALLED, Alert.State.SILENT);
    take(resolved("r", Alert.State.STALLED, 2000, 4000));
    assertThat(firing("r")).containsExactly(Alert.State.SILENT);
    assertThat(board.run("r").orElseThrow().reports()).isEqualTo(1);
  }

  @Test
  void whatIsResolvedDoesNotFireAgainButTheNextOneDoes() {
    take(resolved("r", Alert.State.STALLED, 2000, 4000), alert("r", Alert.State.STALLED, 2000));
    take(alert("r", Alert.State.STALLED, 1000));
    assertThat(firing("r")).isEmpty();
    take(alert("r", Alert.State.STALLED, 5000));
    assertThat(firing("r")).containsExactly(Alert.State.STALLED);
    take(resolved("r", Alert.State.STALLED, 2000, 4000));
    assertThat(firing("r")).containsExactly(Alert.State.STALLED);
  }

  @Test
  void thatARunIsSilentDoesNotMakeItHeardOf() {
    take(nc1("r", 1, 1));
    take(alert("r", Alert.State.SILENT, 90_000));
    assertThat(board.run("r").orElseThrow().lastMs()).isEqualTo(START_MS + 1000);
  }

  @Test
  void aLaterAttemptHasNoAlertsAndAnEarlierOneSaysNothing() {
    Alert early = alert("r", Alert.State.STALLED, 2000);
    take(early);
    take(report("r", 3).attempt(1).build());
    assertThat(firing("r")).isEmpty();
    take(early);
    assertThat(firing("r")).isEmpty();
  }

  @Test
  void anAlertOfAHiddenRunIsNotTold() {
    take(nc1("r", 1, 1), nc1("s", 1, 1));
    board.hide(board.afterHiding("r").orElseThrow());
    board.listen(listener());
    take(alert("r", Alert.State.SILENT, 2000), alert("s", Alert.State.SILENT, 3000));
    assertThat(told).containsExactly("[s] [][%d]".formatted(START_MS + 3000));
  }

  @Test
  void aCurveIsNoNewsOfTheTrainingButBeginsALaterAttempt() {
    take(nc1("r", 1, 1));
    take(curve("r", 0, 0.5));
    WatchedRun run = board.run("r").orElseThrow();
    assertThat(run.lastMs()).isEqualTo(START_MS + 1000);
    assertThat(run.nc1()).hasValue(1);
    take(curve("r", 1, 0.5));
    assertThat(board.run("r").orElseThrow().attempt()).isEqualTo(1);
    assertThat(board.run("r").orElseThrow().nc1()).isEmpty();
  }

  @Test
  void aCurveOfAHiddenRunIsNotTold() {
    take(nc1("r", 1, 1), nc1("s", 1, 1));
    board.hide(board.afterHiding("r").orElseThrow());
    List<FittedCurve> heard = new ArrayList<>();
    board.listen(
        new BoardListener() {
          @Override
          public void changed(Collection<WatchedRun> runs, News news) {
            heard.addAll(news.curves());
          }

          @Override
          public void gone(String run) {}
        });
    take(curve("r", 0, 0.5));
    take(curve("s", 0, 0.5));
    assertThat(heard).containsExactly(curve("s", 0, 0.5));
  }

  @Test
  void whatIsUnknownCannotBeHidden() {
    assertThat(board.afterHiding("r")).isEmpty();
  }

  @Test
  void nothingChangesBeforeItIsSet() {
    News news = new News(List.of(nc1("r", 1, 1)), List.of(), List.of(), List.of());
    Collection<WatchedRun> changed = board.after(news);
    assertThat(board.runs()).isEmpty();
    board.set(changed, news);
    assertThat(board.runs()).hasSize(1);
  }

  private List<Alert.State> firing(String run) {
    return board.run(run).orElseThrow().alerts().firing().stream().map(Alert::state).toList();
  }

  private void take(WindowReport... reports) {
    take(new News(List.of(reports), List.of(), List.of(), List.of()));
  }

  private void take(RunStatus status) {
    take(new News(List.of(), List.of(status), List.of(), List.of()));
  }

  private void take(Alert... alerts) {
    take(new News(List.of(), List.of(), List.of(alerts), List.of()));
  }

  private void take(FittedCurve curve) {
    take(new News(List.of(), List.of(), List.of(), List.of(curve)));
  }

  private void take(News news) {
    board.set(board.after(news), news);
  }

  private BoardListener listener() {
    return new BoardListener() {
      @Override
      public void changed(Collection<WatchedRun> runs, News news) {
        told.add(
            runs.stream().map(WatchedRun::id).toList()
                + " "
                + news.reports().stream().map(WindowReport::stepLast).toList()
                + news.alerts().stream().map(Alert::startsMs).toList());
      }

      @Override
      public void gone(String run) {
        told.add("gone " + run);
      }
    };
  }
}
