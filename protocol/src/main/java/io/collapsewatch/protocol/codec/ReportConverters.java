package io.collapsewatch.protocol.codec;

import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.databind.util.StdConverter;
import io.collapsewatch.protocol.MarginHistogram;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The two types of a report whose JSON is not that of their fields. */
final class ReportConverters {

  private ReportConverters() {}

  static SimpleModule module() {
    return new SimpleModule("reports")
        .addSerializer(new StdDelegatingSerializer(MetricValues.class, new MetricsToJson()))
        .addDeserializer(MetricValues.class, new StdDelegatingDeserializer<>(new MetricsFromJson()))
        .addSerializer(new StdDelegatingSerializer(MarginHistogram.class, new BinsToJson()))
        .addDeserializer(
            MarginHistogram.class, new StdDelegatingDeserializer<>(new BinsFromJson()));
  }

  /** A histogram as two arrays of the same length. */
  record Bins(List<Integer> bins, List<Long> counts) {}

  private static final class MetricsToJson extends StdConverter<MetricValues, Map<String, Double>> {
    @Override
    public Map<String, Double> convert(MetricValues values) {
      Map<String, Double> byKey = new LinkedHashMap<>();
      values.forEach((metric, value) -> byKey.put(metric.key(), value));
      return byKey;
    }
  }

  private static final class MetricsFromJson
      extends StdConverter<Map<String, Double>, MetricValues> {
    @Override
    public MetricValues convert(Map<String, Double> byKey) {
      MetricValues values = new MetricValues();
      byKey.forEach((key, value) -> MetricKey.of(key).ifPresent(m -> values.set(m, value)));
      return values;
    }
  }

  private static final class BinsToJson extends StdConverter<MarginHistogram, Bins> {
    @Override
    public Bins convert(MarginHistogram histogram) {
      return new Bins(
          List.copyOf(histogram.counts().keySet()), List.copyOf(histogram.counts().values()));
    }
  }

  private static final class BinsFromJson extends StdConverter<Bins, MarginHistogram> {
    @Override
    public MarginHistogram convert(Bins json) {
      if (json.bins().size() != json.counts().size()) {
        throw new IllegalArgumentException(
            "a margin histogram has %d bins and %d counts; expected as many"
                .formatted(json.bins().size(), json.counts().size()));
      }
      TreeMap<Integer, Long> counts = new TreeMap<>();
      for (int i = 0; i < json.bins().size(); i++) {
        counts.put(json.bins().get(i), json.counts().get(i));
      }
      return new MarginHistogram(counts);
    }
  }
}
