package io.collapsewatch.launcher.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.analyzer.reference.TrajectoryPoint;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the points of a trajectory are written, one a line. The names are the same in both: those of
 * {@link MetricKey} for the layer before the classifier, with the layer's name before them for the
 * others.
 */
public enum TrajectoryFormat {
  /** With a line of names first; a value that is not defined is empty. */
  CSV {
    @Override
    public Optional<String> header(TrajectoryPoint first) {
      return Optional.of(String.join(",", row(first).keySet()));
    }

    @Override
    public String line(TrajectoryPoint point) {
      return row(point).values().stream()
          .map(value -> value == null ? "" : value.toString())
          .collect(Collectors.joining(","));
    }
  },

  /** An object a line; a value that is not defined is null. */
  JSON {
    @Override
    public Optional<String> header(TrajectoryPoint first) {
      return Optional.empty();
    }

    @Override
    public String line(TrajectoryPoint point) {
      return json(row(point));
    }
  };

  private static final JsonMapper MAPPER = new JsonMapper();

  private static final List<MetricKey> KEYS =
      Arrays.stream(MetricKey.values()).filter(MetricKey::ofSamples).toList();

  /** What goes before the lines. */
  public abstract Optional<String> header(TrajectoryPoint first);

  /** One point. */
  public abstract String line(TrajectoryPoint point);

  /** An object on one line. */
  public static String json(Map<String, ?> object) {
    try {
      return MAPPER.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of texts and numbers is always JSON", e);
    }
  }

  private static Map<String, Object> row(TrajectoryPoint point) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("step", point.step());
    row.put("ln_time", orNull(point.lnTime()));
    row.put("objective", orNull(point.objective()));
    row.put("margin", margin(point));
    row.put("weight_norm_squared", point.weightNormSquared());
    row.put("feature_norm_squared", point.featureNormSquared());
    boolean first = true;
    for (Map.Entry<String, MetricValues> layer : point.metrics().entrySet()) {
      String prefix = first ? "" : layer.getKey() + ".";
      put(row, key -> prefix + key.key(), layer.getValue());
      first = false;
    }
    return row;
  }

  private static Double margin(TrajectoryPoint point) {
    return orNull(point.metrics().values().iterator().next().get(MetricKey.MARGIN_MEAN));
  }

  private static void put(
      Map<String, Object> row, Function<MetricKey, String> name, MetricValues metrics) {
    KEYS.forEach(key -> row.put(name.apply(key), orNull(metrics.get(key))));
  }

  private static Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
