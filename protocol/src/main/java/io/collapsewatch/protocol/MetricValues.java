package io.collapsewatch.protocol;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;

/**
 * Metrics that are defined, by key. The one gate between arithmetic and everything that shows
 * numbers: a value that is not finite does not get in, so a metric is finite or absent.
 */
public final class MetricValues {

  private final EnumMap<MetricKey, Double> values = new EnumMap<>(MetricKey.class);

  /** Sets a metric; a value that is not finite removes it. */
  public void set(MetricKey key, double value) {
    if (Double.isFinite(value)) {
      values.put(key, value == 0 ? 0.0 : value);
    } else {
      values.remove(key);
    }
  }

  /** Sets every metric that {@code others} has. */
  public void setAll(MetricValues others) {
    values.putAll(others.values);
  }

  /** The value, if the metric is defined. */
  public OptionalDouble get(MetricKey key) {
    Double value = values.get(key);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** Calls {@code action} for each metric that is defined, in the order of the catalogue. */
  public void forEach(BiConsumer<MetricKey, Double> action) {
    values.forEach(action);
  }

  /** A copy as a map, in the order of the catalogue. */
  public Map<MetricKey, Double> toMap() {
    return new EnumMap<>(values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MetricValues that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(values);
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
