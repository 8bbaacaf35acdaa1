package io.collapsewatch.analyzer.stream;

import io.collapsewatch.analyzer.window.RollingWindow;
import io.collapsewatch.analyzer.window.Sample;
import io.collapsewatch.analyzer.window.Slots;
import io.collapsewatch.analyzer.window.WindowId;
import io.collapsewatch.analyzer.window.WindowState;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MarginStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The rolling windows of the runs of a partition: samples in memory and, mirrored, in a store. */
final class RollingWindows {

  private final KeyValueStore<String, WindowState> states;
  private final KeyValueStore<String, Sample> samples;
  private final Map<WindowId, RollingWindow> windows = new HashMap<>();

  /** Rebuilds what was in memory from the stores. */
  RollingWindows(KeyValueStore<String, WindowState> states, KeyValueStore<String, Sample> samples) {
    this.states = states;
    this.samples = samples;
    try (KeyValueIterator<String, Sample> all = samples.all()) {
      all.forEachRemaining(this::restore);
    }
  }

  private void restore(KeyValue<String, Sample> kept) {
    String[] parts = kept.key.split("/", -1);
    WindowId id = new WindowId(parts[0], parts[1], parts[2]);
    window(id).restore(Integer.parseInt(parts[4]), kept.value);
  }

  private RollingWindow window(WindowId id) {
    return windows.computeIfAbsent(id, each -> new RollingWindow(new StoredSlots(key(each))));
  }

  /** Mirrors the slots of one window to the store. */
  private final class StoredSlots implements Slots {
    private final String window;

    StoredSlots(String window) {
      this.window = window;
    }

    @Override
    public void put(int slot, Sample sample) {
      samples.put(Stores.key(window, sample.label(), slot), sample);
    }

    @Override
    public void remove(int label, int slot) {
      samples.delete(Stores.key(window, label, slot));
    }
  }

  private static String key(WindowId id) {
    return Stores.key(id.run(), id.split(), id.layer());
  }

  /** What the window remembers. */
  WindowState state(WindowId id) {
    WindowState state = states.get(key(id));
    return state == null ? WindowState.EMPTY : state;
  }

  /** The samples that the window holds. */
  List<Sample> samples(WindowId id) {
    return window(id).samples();
  }

  /** Takes a live batch. */
  void add(FeatureBatch batch, int samplesPerClass, long timestampMs) {
    WindowId id = WindowId.of(batch.header());
    WindowState state = state(id).after(batch, timestampMs);
    window(id).add(batch, samplesPerClass, state.newestStep());
    states.put(key(id), state);
  }

  /** Takes statistics of margins. */
  void add(WindowId id, MarginStatistics margins) {
    states.put(key(id), state(id).after(margins));
  }

  /** Notes that the window has been reported. */
  void reported(WindowId id) {
    states.put(key(id), state(id).reported());
  }

  /** The windows of a run, in a fixed order. */
  List<WindowId> ofRun(String run) {
    return Stores.below(states, run).stream()
        .map(entry -> entry.key.split("/", -1))
        .map(parts -> new WindowId(parts[0], parts[1], parts[2]))
        .toList();
  }

  /** The newest step of each window of a layer. */
  List<Long> newestSteps(String run, String layer) {
    return ofRun(run).stream()
        .filter(id -> id.layer().equals(layer))
        .map(id -> state(id).newestStep())
        .toList();
  }

  /** Forgets every window of a run. */
  void forget(String run) {
    for (WindowId id : ofRun(run)) {
      window(id).clear();
      windows.remove(id);
      states.delete(key(id));
    }
  }
}
