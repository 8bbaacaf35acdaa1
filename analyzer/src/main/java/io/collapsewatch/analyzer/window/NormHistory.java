package io.collapsewatch.analyzer.window;

import io.collapsewatch.protocol.TrainingStats;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The norms ‖W_l‖_F of a run's layers as last reported, and those of the step before that, so that
 * it can be seen how fast they move.
 *
 * @param step of {@code newest}
 * @param newest by layer, first layer first; empty before any report
 * @param stepBefore of {@code before}
 * @param before by layer; empty before there are reports of two steps
 */
public record NormHistory(
    long step, Map<String, Double> newest, long stepBefore, Map<String, Double> before) {

  /** Before any report. */
  public static final NormHistory EMPTY = new NormHistory(0, Map.of(), 0, Map.of());

  /** What an earlier build kept has neither map, and counts as no report. */
  public NormHistory {
    newest = newest == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(newest));
    before = before == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(before));
  }

  /**
   * After statistics that may have norms. Those of a step that is known take its place; a step that
   * goes back starts over.
   */
  NormHistory after(TrainingStats stats) {
    long reported = stats.header().step();
    if (stats.layerNorms().isEmpty()) {
      return this;
    }
    if (reported < step) {
      return new NormHistory(reported, stats.layerNorms(), 0, Map.of());
    }
    return reported == step
        ? new NormHistory(reported, stats.layerNorms(), stepBefore, before)
        : new NormHistory(reported, stats.layerNorms(), step, newest);
  }

  /** What the norm of the last layer gains a step; absent before it was reported at two steps. */
  public OptionalDouble lastLayerGain() {
    List<String> layers = new ArrayList<>(newest.keySet());
    String last = layers.isEmpty() ? "" : layers.get(layers.size() - 1);
    return before.containsKey(last)
        ? OptionalDouble.of((newest.get(last) - before.get(last)) / (step - stepBefore))
        : OptionalDouble.empty();
  }
}
