package io.collapsewatch.analyzer.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.analyzer.Captures;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.WindowSize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollingWindowTest {

  private final SlotMap slots = new SlotMap();
  private final RollingWindow window = new RollingWindow(slots);

  /** Slots as a map: what a store would hold. */
  private static final class SlotMap implements Slots {
    private final Map<String, Sample> kept = new HashMap<>();
    private int writes;

    @Override
    public void put(int slot, Sample sample) {
      kept.put(sample.label() + "/" + slot, sample);
      writes++;
    }

    @Override
    public void remove(int label, int slot) {
      assertThat(kept.remove(label + "/" + slot))
          .as("slot %d of class %d", slot, label)
          .isNotNull();
      writes++;
    }
  }

  /** Oracle: of all samples ever sent, by definition, those that the window should hold. */
  private static List<Sample> shouldHold(List<FeatureBatch> batches, int samplesPerClass) {
    long newestStep = batches.stream().mapToLong(b -> b.header().step()).max().orElseThrow();
    Map<Integer, List<Sample>> byClass = new HashMap<>();
    long arrival = 0;
    for (FeatureBatch batch : batches) {
      for (int i = 0; i < batch.rows(); i++, arrival++) {
        Sample sample =
            new Sample(
                arrival,
                batch.header().step(),
                batch.label(i),
                batch.features().select(new int[] {i}),
                Optional.empty());
        if (sample.step() >= newestStep - WindowSize.MAX_AGE_STEPS) {
          byClass.computeIfAbsent(sample.label(), c -> new ArrayList<>()).add(sample);
        }
      }
    }
    List<Sample> held = new ArrayList<>();
    byClass.keySet().stream()
        .sorted()
        .map(byClass::get)
        .map(all -> all.subList(Math.max(0, all.size() - samplesPerClass), all.size()))
        .forEach(held::addAll);
    return held;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void holdsTheNewestSamplesOfEachClassThatAreNotTooOld(long seed) {
    Random random = new Random(seed);
    int samplesPerClass = 2 + random.nextInt(6);
    List<FeatureBatch> sent = new ArrayList<>();
    long step = 0;
    for (int i = 0; i < 60; i++) {
      step += random.nextInt(200);
      FeatureBatch batch = batch(step, 1 + random.nextInt(12), 7);
      sent.add(batch);
      window.add(batch, samplesPerClass, step);

      assertThat(window.samples()).isEqualTo(shouldHold(sent, samplesPerClass));
    }
  }

  @Test
  void aRareClassStaysUntilItIsTooOld() {
    window.add(ofClass(5, 10), 4, 10);
    for (long step = 20; step <= 2010; step += 10) {
      window.add(ofClass(0, step), 4, step);
    }
    assertThat(window.samples()).extracting(Sample::label).containsExactly(0, 0, 0, 0, 5);

    window.add(ofClass(0, 2011), 4, 2011);
    assertThat(window.samples()).extracting(Sample::label).containsOnly(0);
  }

  @Test
  void aLateSampleThatIsTooOldIsNotTaken() {
    window.add(ofClass(0, 5000), 4, 5000);
    window.add(ofClass(1, 2999), 4, 5000);

    assertThat(window.samples()).extracting(Sample::step).containsExactly(5000L);
  }

  @Test
  void everyClassIsCutWhenTheWindowShrinks() {
    for (long step = 0; step < 10; step++) {
      window.add(ofClass(0, step), 8, step);
    }
    window.add(ofClass(1, 10), 3, 10);

    assertThat(window.samples()).extracting(Sample::step).containsExactly(7L, 8L, 9L, 10L);
  }

  @Test
  void aFullClassWritesOneSlotForEachSample() {
    for (long step = 0; step < 4; step++) {
      window.add(ofClass(0, step), 4, step);
    }
    slots.writes = 0;
    window.add(ofClass(0, 4), 4, 4);

    assertThat(slots.writes).isEqualTo(1);
    assertThat(slots.kept).hasSize(4);
  }

  @Test
  void whatTheSlotsHoldRestoresTheWindow() {
    for (long step = 0; step < 3000; step += 100) {
      window.add(batch(step, 10, 5), 3, step);
    }
    List<Map.Entry<String, Sample>> kept = new ArrayList<>(slots.kept.entrySet());
    Collections.shuffle(kept, new Random(1));
    RollingWindow restored = new RollingWindow(new SlotMap());
    kept.forEach(
        e -> restored.restore(Integer.parseInt(e.getKey().split("/", -1)[1]), e.getValue()));
    assertThat(restored.samples()).isEqualTo(window.samples());

    FeatureBatch next = batch(3000, 10, 5);
    window.add(next, 3, 3000);
    restored.add(next, 3, 3000);
    assertThat(restored.samples())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("arrival")
        .isEqualTo(window.samples());
  }

  @Test
  void clearingEmptiesTheSlots() {
    window.add(batch(1, 20, 5), 3, 1);
    window.clear();

    assertThat(window.samples()).isEmpty();
    assertThat(slots.kept).isEmpty();
  }

  private static FeatureBatch batch(long step, int rows, int classes) {
    return Captures.batch(CaptureHeader.of("run", step), rows, classes, 3);
  }

  private static FeatureBatch ofClass(int label, long step) {
    return FeatureBatch.of(
        CaptureHeader.of("run", step),
        Tensor.ofFloats(new float[] {label, step}, 1, 2),
        Tensor.ofInts(new int[] {label}, 1));
  }
}
