package io.collapsewatch.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.TrainingStats;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RecorderTest {

  private static final float[][] FEATURES = {{1, 2, 3}, {4, 5, 6}};
  private static final int[] LABELS = {0, 1};
  private static final float[][] LOGITS = {{2, 0}, {1, 0}};
  private static final float[][] WEIGHT = {{1, 0, 0}, {0, 1, 0}};
  private static final OptionalDouble UNSAID = OptionalDouble.empty();

  private final CollectingSink sink = new CollectingSink();
  private final CaptureIntake intake = new CaptureIntake(sink, () -> 0);
  private final Recorder recorder = Recorder.start(intake, "r", RunSettings.NONE);

  @Test
  void aRunBeginsAndEnds() {
    recorder.step(3, 0.5);
    recorder.close();
    recorder.close();

    assertThat(sink.captures()).hasSize(2);
    assertThat(sink.captures().get(0)).isInstanceOf(RunStarted.class);
    Capture end = sink.captures().get(1);
    assertThat(end).isInstanceOf(RunEnded.class);
    assertThat(end.header().step()).isEqualTo(3);
    assertThat(end.header().epoch()).hasValue(0.5);
  }

  @Test
  void arraysArriveAsTheyWereAndMayBeReused() {
    float[][] features = {{1, 2, 3}, {4, 5, 6}};
    recorder.batch(features, LABELS);
    features[0][0] = 99;
    recorder.classifier(WEIGHT, new float[] {7, 8});
    recorder.classifier(WEIGHT);

    assertThat(sink.batches().get(0).features())
        .isEqualTo(Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    assertThat(sink.of(ClassifierSnapshot.class))
        .extracting(ClassifierSnapshot::bias)
        .containsExactly(Optional.of(Tensor.ofFloats(new float[] {7, 8}, 2)), Optional.empty());
  }

  @Test
  void numbersOfTheStepPassThrough() {
    recorder.stats(
        OptionalDouble.of(0.25), UNSAID, OptionalDouble.of(0.1), UNSAID, Map.of("w", 2.0));
    TrainingStats stats = sink.stats().get(0);
    assertThat(stats.loss()).hasValue(0.25);
    assertThat(stats.accuracy()).isEmpty();
    assertThat(stats.learningRate()).hasValue(0.1);
    assertThat(stats.layerNorms()).isEqualTo(Map.of("w", 2.0));
  }

  @Test
  void marginsOfBatchesThatAreNotSampledAreCounted() {
    // d = 3 and K = 2 give 128 rows at first: 64 batches of 2, and no refill as the clock stands.
    for (int i = 0; i < 100; i++) {
      recorder.batch(FEATURES, LABELS, LOGITS);
    }
    recorder.close();

    assertThat(sink.batches()).hasSize(64);
    assertThat(sink.stats().stream().mapToLong(s -> s.margins().orElseThrow().count()).sum())
        .isEqualTo(200);
    assertThat(recorder.dropped()).isEmpty();
  }

  @Test
  void messagesAreNumberedInTheirOrder() {
    recorder.classifier(WEIGHT);
    try (Recorder.Snapshot pass = recorder.snapshot("p")) {
      pass.classifier(WEIGHT);
      pass.batch(FEATURES, LABELS);
      pass.batch(FEATURES, LABELS);
      recorder.classifier(WEIGHT);
    }
    recorder.close();

    List<Long> numbers = sink.captures().stream().map(c -> c.header().seq().orElseThrow()).toList();
    assertThat(numbers).hasSize(7).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void theLastMessageOfAPassSaysSo() {
    try (Recorder.Snapshot pass = recorder.snapshot("p-1", "test")) {
      pass.classifier(WEIGHT, new float[] {0, 0});
      pass.batch(FEATURES, LABELS);
      pass.batch(FEATURES, LABELS);
    }
    List<Capture> messages = sink.captures().subList(1, sink.captures().size());
    assertThat(messages).hasSize(3);
    assertThat(messages.get(0)).isInstanceOf(ClassifierSnapshot.class);
    assertThat(messages)
        .allSatisfy(m -> assertThat(m.header().snapshot()).contains("p-1"))
        .allSatisfy(m -> assertThat(m.header().split()).isEqualTo("test"));
    assertThat(messages)
        .extracting(m -> m.header().snapshotEnd())
        .containsExactly(false, false, true);
  }

  @Test
  void aPassWithoutABatchSendsNothing() {
    try (Recorder.Snapshot pass = recorder.snapshot("p")) {
      pass.classifier(WEIGHT);
    }
    assertThat(sink.captures()).hasSize(1);
  }

  @Test
  void aClassifierThatComesAfterABatchStillBelongsToThePass() {
    try (Recorder.Snapshot pass = recorder.snapshot("p")) {
      pass.batch(FEATURES, LABELS);
      pass.classifier(WEIGHT);
    }
    List<Capture> messages = sink.captures();
    assertThat(messages.get(1)).isInstanceOf(ClassifierSnapshot.class);
    assertThat(messages.get(2)).isInstanceOf(FeatureBatch.class);
    assertThat(messages.get(2).header().snapshotEnd()).isTrue();
  }

  @Test
  void nothingThatTheTrainingLoopDoesWrongIsThrownAtIt() {
    recorder.batch(new float[][] {{1, Float.NaN, 3}}, new int[] {0});
    recorder.batch(new float[][] {{1, 2, 3}, {1, 2}}, LABELS);
    recorder.batch(new float[0][], new int[0]);
    recorder.batch(null, LABELS, LOGITS);
    recorder.batch(FEATURES, null);
    recorder.batch(FEATURES, new int[] {0}, LOGITS);
    recorder.batch(FEATURES, new int[] {0, 2}, LOGITS);
    recorder.classifier(null);
    recorder.classifier(WEIGHT, new float[] {1});
    recorder.stats(OptionalDouble.of(Double.NaN), UNSAID, UNSAID, UNSAID, Map.of());
    recorder.stats(null, null, null, null, null);
    recorder.step(-1, Double.NaN);
    recorder.classifier(WEIGHT);
    recorder.step(0, 0);
    try (Recorder.Snapshot pass = recorder.snapshot("not an id")) {
      pass.batch(FEATURES, LABELS);
    }
    assertThat(recorder.dropped()).isEqualTo(Map.of("refused", 13L));
    assertThat(sink.captures()).hasSize(1);
  }

  @Test
  void wrongLabelsOfABatchThatIsNotSampledAreRefusedToo() {
    for (int i = 0; i < 64; i++) {
      recorder.batch(FEATURES, LABELS, LOGITS);
    }
    recorder.batch(FEATURES, new int[] {0, 2}, LOGITS);
    recorder.batch(FEATURES, new int[] {0}, LOGITS);
    assertThat(recorder.dropped()).isEqualTo(Map.of("refused", 2L));
  }

  @Test
  void aFullBufferDropsAndTheDropsAreSentAlong() {
    sink.full(true);
    recorder.classifier(WEIGHT);
    recorder.batch(FEATURES, LABELS);
    recorder.classifier(new float[][] {{Float.NaN, 0}});
    sink.full(false);
    recorder.classifier(WEIGHT);

    Map<String, Long> lost = Map.of("buffer_full", 2L, "refused", 1L);
    assertThat(recorder.dropped()).isEqualTo(lost);
    Capture last = sink.captures().get(sink.captures().size() - 1);
    assertThat(last.header().dropped()).isEqualTo(lost);
  }

  @Test
  void afterTheEndNothingIsSentAndNothingThrown() {
    recorder.close();
    recorder.batch(FEATURES, LABELS, LOGITS);
    recorder.classifier(WEIGHT);
    assertThat(sink.captures()).hasSize(2);
  }

  @Test
  void aProcessOfManySaysWhichItIs() {
    Recorder third = Recorder.start(intake, "wide", RunSettings.NONE, 2, 3, 8);
    third.close();
    assertThat(sink.captures().subList(1, 3))
        .allSatisfy(
            message -> {
              assertThat(message.header().attempt()).isEqualTo(2);
              assertThat(message.header().rank()).isEqualTo(3);
              assertThat(message.header().worldSize()).isEqualTo(8);
            });
  }

  @Test
  void aRecorderOfAnImpossibleRunIsRefusedBeforeTheTrainingBegins() {
    assertThatThrownBy(() -> Recorder.start(intake, "a run", RunSettings.NONE))
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessage("run is \"a run\"; expected [A-Za-z0-9._-]{1,64}");
  }
}
