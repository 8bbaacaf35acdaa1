package io.collapsewatch.analyzer.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.protocol.RunStatus.State;
import io.collapsewatch.protocol.WindowReport.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reports of both runs of the demo, recorded: 200 epochs of 28 steps. */
class DemoRunsTest {

  private final RunJudge judge = new RunJudge(JudgeSettings.DEFAULT);

  @Test
  void theRunThatCollapsesConverges() {
    List<Judgement> judgements = judgements("digits-batchnorm", Kind.ROLLING);

    assertThat(changes(judgements))
        .containsExactly(State.WAITING, State.FITTING, State.COLLAPSING, State.CONVERGED);
    assertThat(last(judgements).reason())
        .matches("NC1 is 0\\.0\\d+ and has been below the floor of 0\\.1 for 190 epochs");
  }

  @Test
  void theRunThatStandsStalls() {
    List<Judgement> judgements = judgements("digits-plain", Kind.ROLLING);

    assertThat(changes(judgements))
        .containsExactly(State.WAITING, State.FITTING, State.COLLAPSING, State.STALLED);
    assertThat(last(judgements).reason())
        .matches(
            "NC1 has stood at 0\\.4\\d for \\d+ epochs, above the floor of 0\\.1;"
                + " classes \\d and \\d are the closest pair, class \\d varies most");
  }

  @Test
  void itStallsBeforeHalfOfTheTrainingIsOver() {
    Judgement stalled =
        judgements("digits-plain", Kind.ROLLING).stream()
            .filter(it -> it.state() == State.STALLED)
            .findFirst()
            .orElseThrow();

    assertThat(stalled.observations().get(stalled.observations().size() - 1).epoch().orElseThrow())
        .isLessThan(100);
    assertThat(stalled.terminalEpoch().orElseThrow()).isLessThan(45);
  }

  @Test
  void theRunThatStandsStallsOnItsSnapshotsAloneToo() {
    List<Judgement> judgements = judgements("digits-plain", Kind.SNAPSHOT);

    assertThat(changes(judgements)).containsExactly(State.FITTING, State.COLLAPSING, State.STALLED);
    assertThat(last(judgements).reason()).contains("above the floor of 0.05;");
  }

  @Test
  void theRunThatCollapsesIsStillFallingByItsSnapshots() {
    List<Judgement> judgements = judgements("digits-batchnorm", Kind.SNAPSHOT);

    assertThat(changes(judgements)).containsExactly(State.COLLAPSING);
    assertThat(last(judgements).reason())
        .matches("NC1 is 0\\.0\\d+, below the floor of 0\\.05, and falls like step\\^−\\S+");
  }

  @Test
  void aStatusSeldomChanges() {
    List<Judgement> judgements = judgements("digits-plain", Kind.ROLLING);
    long reasons = judgements.stream().map(Judgement::standing).distinct().count();

    assertThat(reasons).isLessThan(judgements.size() / 4);
  }

  private List<Judgement> judgements(String run, Kind kind) {
    Judgement judgement = Judgement.UNKNOWN;
    List<Judgement> judgements = new ArrayList<>();
    for (String line : lines()) {
      String[] fields = line.split(",", -1);
      if (fields[0].equals(run) && fields[1].equalsIgnoreCase(kind.name())) {
        judgement = judge.after(judgement, report(fields, kind).report(), Reports.CLASSES);
        judgements.add(judgement);
      }
    }
    return judgements;
  }

  private static Reports report(String[] fields, Kind kind) {
    long step = Long.parseLong(fields[3]);
    double nc1 = Double.parseDouble(fields[5]);
    Reports report =
        kind == Kind.ROLLING ? Reports.rolling(step, nc1) : Reports.snapshot(step, nc1);
    return report
        .from(Long.parseLong(fields[2]))
        .epoch(Double.parseDouble(fields[4]))
        .accuracy(Double.parseDouble(fields[6]))
        .samples(Double.parseDouble(fields[7]));
  }

  private static List<String> lines() {
    try (InputStream csv = DemoRunsTest.class.getResourceAsStream("/alert/demo-reports.csv")) {
      return new String(csv.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<State> changes(List<Judgement> judgements) {
    List<State> states = new ArrayList<>();
    for (Judgement judgement : judgements) {
      if (states.isEmpty() || states.get(states.size() - 1) != judgement.state()) {
        states.add(judgement.state());
      }
    }
    return states;
  }

  private static Judgement last(List<Judgement> judgements) {
    return judgements.get(judgements.size() - 1);
  }
}
