package io.collapsewatch.launcher.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.agent.capture.CaptureIntake;
import io.collapsewatch.protocol.Capture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is sent a second time, through the agent's intake and the analyzer's topology. */
class RepeatedCapturesTest {

  private static final int STEPS = 60;

  @TempDir private Path folder;

  @Test
  void anAgentThatKnowsTheRunPublishesNothingAgain() {
    TakenRecords sink = new TakenRecords();
    CaptureIntake intake = intake(sink, 1000);
    send(intake);
    int once = sink.records().size();
    send(intake);
    assertThat(sink.records()).hasSize(once);
  }

  /**
   * The second agent samples as the first or, with another clock, leaves out other rows; the
   * analyzer knows everything that it publishes, the statistics of the margins included.
   */
  @ParameterizedTest
  @ValueSource(longs = {1000, 3})
  void whatAnAgentThatWasRestartedPublishesAgainChangesNoReport(long stepMillis) {
    TakenRecords first = new TakenRecords();
    send(intake(first, 1000));
    TakenRecords second = new TakenRecords();
    send(intake(second, stepMillis));
    List<TestRecord<String, byte[]>> twice = new ArrayList<>(first.records());
    twice.addAll(second.records());

    List<String> once = texts(first.records(), "once");
    assertThat(once).hasSizeGreaterThan(STEPS).anyMatch(text -> text.contains("margins_seen"));
    assertThat(texts(twice, "twice")).isEqualTo(once);
  }

  private List<String> texts(List<TestRecord<String, byte[]>> captures, String state) {
    return Reports.of(captures, folder.resolve(state)).stream().map(Reports::text).toList();
  }

  /** An agent by whose clock a capture comes every so often. */
  private static CaptureIntake intake(TakenRecords sink, long stepMillis) {
    long[] now = {0};
    return new CaptureIntake(sink, () -> now[0] += Duration.ofMillis(stepMillis).toNanos());
  }

  private static void send(CaptureIntake intake) {
    for (Capture capture : Run.whole("twice", STEPS, OptionalLong.of(1))) {
      assertThat(intake.accept(capture)).isTrue();
    }
  }
}
