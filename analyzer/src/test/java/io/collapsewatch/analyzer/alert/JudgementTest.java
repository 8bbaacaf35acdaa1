package io.collapsewatch.analyzer.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.collapsewatch.protocol.RunStatus.State;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class JudgementTest {

  @Test
  void aRunBeginsWithItsFirstCapture() {
    Judgement begun = Judgement.UNKNOWN.begun(7000);

    assertThat(begun.state()).isEqualTo(State.WAITING);
    assertThat(begun.reason()).isEqualTo("no samples yet");
    assertThat(begun.sinceMs()).isEqualTo(7000);
    assertThat(begun.begun(8000)).isSameAs(begun);
  }

  @Test
  void anEndedRunKeepsWhatItWasJudged() {
    assertThat(stalled().ended(2000, 1, 9).reason())
        .isEqualTo(
            "the run ended at step 2000; it had stalled: NC1 has stood at 0.47 for 1900 steps, above"
                + " the floor of 0.1; classes 3 and 8 are the closest pair, class 8 varies most");
    assertThat(Judgement.UNKNOWN.ended(10, 4, 9).reason())
        .isEqualTo("the last of 4 ranks ended at step 10");
  }

  @Test
  void aSilentRunSaysHowLongAndWhatItPromised() {
    Judgement silent = stalled().silent(10_000, 55_000, OptionalDouble.of(15));

    assertThat(silent.state()).isEqualTo(State.SILENT);
    assertThat(silent.sinceMs()).isEqualTo(55_000);
    assertThat(silent.reason())
        .isEqualTo("nothing has come for 45 seconds; the run promised a message every 15 seconds");
    assertThat(stalled().silent(0, 7_200_000, OptionalDouble.empty()).reason())
        .isEqualTo("nothing has come for 2 hours");
  }

  @Test
  void aRunThatIsHeardAgainIsWhatItWas() {
    Judgement stalled = stalled();
    Judgement silent = stalled.silent(0, 9_000_000, OptionalDouble.empty());

    assertThat(silent.heard(9_100_000)).isEqualTo(stalled);
    assertThat(stalled.heard(9_100_000)).isSameAs(stalled);
  }

  @Test
  void silenceAfterTheEndIsNoSilence() {
    Judgement ended = stalled().ended(2000, 1, 9_000_000);

    assertThat(ended.silent(0, 9_900_000, OptionalDouble.empty())).isSameAs(ended);
  }

  @Test
  void theEndOfASilentRunNamesWhatItWasBefore() {
    assertThat(stalled().silent(0, 9_000_000, OptionalDouble.empty()).ended(2000, 1, 9).reason())
        .startsWith("the run ended at step 2000; it had stalled: ");
  }

  @Test
  void aReportEndsSilence() {
    Judgement silent = stalled().silent(0, 9_000_000, OptionalDouble.empty());
    Judgement next =
        new RunJudge(JudgeSettings.DEFAULT)
            .after(silent, Reports.rolling(2100, 0.47).report(), Reports.CLASSES);

    assertThat(next.state()).isEqualTo(State.STALLED);
    assertThat(next.sinceMs()).isEqualTo(stalled().sinceMs());
  }

  @Test
  void aStoreGivesBackWhatItTook() throws IOException {
    JsonMapper mapper = JsonMapper.builder().addModule(new Jdk8Module()).build();
    Judgement full =
        stalled()
            .withModel(Optional.of(new ModelFit(0.2, 0.05)))
            .silent(0, 9_000_000, OptionalDouble.of(15));

    byte[] json = mapper.writeValueAsBytes(full);

    assertThat(mapper.readValue(json, Judgement.class)).isEqualTo(full);
    assertThat(mapper.readValue(mapper.writeValueAsBytes(Judgement.UNKNOWN), Judgement.class))
        .isEqualTo(Judgement.UNKNOWN);
  }

  @Test
  void reasonsStayShort() {
    RunJudge judge = new RunJudge(JudgeSettings.DEFAULT);
    Judgement judgement = Judgement.UNKNOWN.withModel(Optional.of(new ModelFit(1.234e-5, 0)));
    long step = Long.MAX_VALUE / 2000;
    for (int i = 1; i <= 70; i++) {
      step = (long) (step * 0.9);
    }
    for (int i = 1; i <= 70; i++) {
      step = (long) (step / 0.9);
      Reports report = Reports.rolling(step, 1.234e300).epoch(i * 1e12).accuracy(0.123456789);
      judgement = judge.after(judgement, report.report(), Reports.CLASSES);
    }
    Judgement ended = judgement.ended(Long.MAX_VALUE, Integer.MAX_VALUE, 1);

    assertThat(judgement.state()).isEqualTo(State.STALLED);
    assertThat(ended.reason()).hasSizeLessThanOrEqualTo(500);
  }

  static Judgement stalled() {
    return standing(20);
  }

  /** After so many reports of NC1 0.47. */
  static Judgement standing(int reports) {
    RunJudge judge = new RunJudge(JudgeSettings.DEFAULT);
    Judgement judgement = Judgement.UNKNOWN;
    for (int i = 1; i <= reports; i++) {
      judgement = judge.after(judgement, Reports.rolling(100L * i, 0.47).report(), Reports.CLASSES);
    }
    return judgement;
  }
}
