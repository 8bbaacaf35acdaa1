package io.collapsewatch.analyzer.compare;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The curves that were used last, because a simulation takes seconds. Not for several threads. */
final class CurveCache {

  /** Of at most 120 points of three metrics: 4 kB each. */
  private static final int MOST = 32;

  private final Function<CurveKey, ModelCurve> simulate;

  private final Map<CurveKey, ModelCurve> curves =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CurveKey, ModelCurve> eldest) {
          return size() > MOST;
        }
      };

  CurveCache(Function<CurveKey, ModelCurve> simulate) {
    this.simulate = simulate;
  }

  ModelCurve of(CurveKey key) {
    ModelCurve known = curves.get(key);
    if (known != null) {
      return known;
    }
    ModelCurve simulated = simulate.apply(key);
    curves.put(key, simulated);
    return simulated;
  }
}
