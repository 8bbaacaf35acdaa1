package io.collapsewatch.analyzer.window;

import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;

/**
 * The samples of one class in a rolling window, oldest arrival first, each in a slot of its own.
 */
final class ClassSlots {

  private record Held(int slot, Sample sample) {}

  private final Slots slots;
  private final TreeMap<Long, Held> byArrival = new TreeMap<>();
  private final BitSet used = new BitSet();
  private long oldestStep = Long.MAX_VALUE;

  ClassSlots(Slots slots) {
    this.slots = slots;
  }

  void restore(int slot, Sample sample) {
    byArrival.put(sample.arrival(), new Held(slot, sample));
    used.set(slot);
    oldestStep = Math.min(oldestStep, sample.step());
  }

  /** Takes a sample, in the place of the oldest one if there are {@code capacity} already. */
  void add(Sample sample, int capacity) {
    int slot =
        byArrival.size() < capacity
            ? used.nextClearBit(0)
            : byArrival.pollFirstEntry().getValue().slot();
    restore(slot, sample);
    slots.put(slot, sample);
  }

  /**
   * Lets go of the oldest arrivals beyond {@code capacity} and of all steps before {@code oldest}.
   */
  void trim(int capacity, long oldest) {
    while (byArrival.size() > capacity) {
      release(byArrival.pollFirstEntry().getValue());
    }
    if (oldestStep < oldest) {
      List<Held> outdated =
          byArrival.values().stream().filter(held -> held.sample().step() < oldest).toList();
      outdated.forEach(held -> byArrival.remove(held.sample().arrival()));
      outdated.forEach(this::release);
      oldestStep =
          byArrival.values().stream()
              .mapToLong(held -> held.sample().step())
              .min()
              .orElse(Long.MAX_VALUE);
    }
  }

  private void release(Held held) {
    used.clear(held.slot());
    slots.remove(held.sample().label(), held.slot());
  }

  void clear() {
    byArrival.values().forEach(this::release);
    byArrival.clear();
  }

  boolean isEmpty() {
    return byArrival.isEmpty();
  }

  List<Sample> samples() {
    return byArrival.values().stream().map(Held::sample).toList();
  }
}
