package io.collapsewatch.analyzer.saved;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.protocol.MetricKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A measured pass as {@code measure --json} prints it.
 *
 * @param result what was measured
 */
public record Measurement(CollapseResult result) {

  // Double.toString writes other digits before JDK 19 than after; this writer is the same on all.
  private static final JsonMapper MAPPER =
      new JsonMapper(
          JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build());

  /**
   * {@code {"metrics": {key: number or null, …}, "frame": …, "worst_pair": {"first": …, "second":
   * …, "cosine": …}, "class_variability": {class: number, …}}} on one line. {@code metrics} has
   * every metric of samples in the order of the catalogue; what is not defined is null.
   */
  public String json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("metrics", metrics());
    json.put("frame", result.frame().orElse(null));
    json.put("worst_pair", result.worstPair().orElse(null));
    json.put("class_variability", result.classVariability());
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of numbers and texts are always JSON", e);
    }
  }

  private Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (MetricKey key : MetricKey.values()) {
      if (key.ofSamples()) {
        OptionalDouble value = result.metrics().get(key);
        metrics.put(key.key(), value.isPresent() ? (Double) value.getAsDouble() : null);
      }
    }
    return metrics;
  }
}
