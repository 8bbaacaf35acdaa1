package io.collapsewatch.analyzer.window;

import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.WindowSize;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The newest S samples of each class of a (run, split, layer), none older than {@link
 * WindowSize#MAX_AGE_STEPS} steps. It balances the classes, covers rare ones, bounds memory by
 * K·S·d and needs no merge formula: its metrics are exact for the samples in it.
 *
 * <p>"Newest" is by arrival; age is by step. What the window holds is a pure function of the
 * batches in the order of arrival, and so is the order it lists them in.
 */
public final class RollingWindow {

  private final Slots slots;
  private final TreeMap<Integer, ClassSlots> classes = new TreeMap<>();
  private long arrivals;

  /** An empty window that mirrors its samples to {@code slots}. */
  public RollingWindow(Slots slots) {
    this.slots = slots;
  }

  /** Puts back a sample that was kept in a slot; the order of these calls does not matter. */
  public void restore(int slot, Sample sample) {
    ofClass(sample.label()).restore(slot, sample);
    arrivals = Math.max(arrivals, sample.arrival() + 1);
  }

  /**
   * Takes the samples of a batch and lets go of those that are too many or too old.
   *
   * @param samplesPerClass S; if it has shrunk since the last batch, every class is cut to it
   * @param newestStep the newest step the window has seen, this batch's included
   */
  public void add(FeatureBatch batch, int samplesPerClass, long newestStep) {
    long oldest = newestStep - WindowSize.MAX_AGE_STEPS;
    for (int i = 0; i < batch.rows(); i++) {
      Sample sample = sample(batch, i);
      if (sample.step() >= oldest) {
        ofClass(sample.label()).add(sample, samplesPerClass);
      }
    }
    for (ClassSlots each : classes.values()) {
      each.trim(samplesPerClass, oldest);
    }
    classes.values().removeIf(ClassSlots::isEmpty);
  }

  private Sample sample(FeatureBatch batch, int row) {
    return new Sample(
        arrivals++,
        batch.header().step(),
        batch.label(row),
        batch.features().select(new int[] {row}),
        batch
            .margins()
            .map(
                margins ->
                    new Sample.Captured(
                        margins.doubleAt(row),
                        Math.toIntExact(batch.predictions().orElseThrow().longAt(row)))));
  }

  private ClassSlots ofClass(int label) {
    return classes.computeIfAbsent(label, c -> new ClassSlots(slots));
  }

  /** Lets go of every sample. */
  public void clear() {
    classes.values().forEach(ClassSlots::clear);
    classes.clear();
  }

  /** All samples: by class, within a class by arrival. */
  public List<Sample> samples() {
    List<Sample> all = new ArrayList<>();
    classes.values().forEach(each -> all.addAll(each.samples()));
    return all;
  }
}
