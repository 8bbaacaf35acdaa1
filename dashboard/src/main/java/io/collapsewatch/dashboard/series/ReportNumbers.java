package io.collapsewatch.dashboard.series;

import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.WindowReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The numbers of a report that can be plotted, by key: every {@link MetricKey}; {@code loss},
 * {@code accuracy_training}, {@code learning_rate}, {@code weight_decay}; {@code completeness},
 * {@code oldest_sample_age}; {@code dropped}, the sum over the reasons; {@code seen.count}, {@code
 * seen.mean}, {@code seen.min}, {@code seen.accuracy} of the margins of every row; and {@code
 * norm.NAME} for the norm of each layer.
 */
public final class ReportNumbers {

  /** What the key of a layer's norm begins with; the layer's name, any text, follows. */
  public static final String NORM = "norm.";

  /** Keys here by their names in {@link WindowReport#training}. */
  private static final Map<String, String> TRAINING =
      Map.of(
          "loss", "loss",
          "accuracy", "accuracy_training",
          "learning_rate", "learning_rate",
          "weight_decay", "weight_decay");

  private static final Set<String> OTHERS =
      Set.of(
          "completeness",
          "oldest_sample_age",
          "dropped",
          "seen.count",
          "seen.mean",
          "seen.min",
          "seen.accuracy");

  private ReportNumbers() {}

  /** Whether there are such numbers; a layer of any name may have a norm. */
  public static boolean known(String key) {
    return MetricKey.of(key).isPresent()
        || TRAINING.containsValue(key)
        || OTHERS.contains(key)
        || (key.startsWith(NORM) && key.length() > NORM.length());
  }

  /** The defined numbers of {@code report}, always in the same order. */
  public static Map<String, Double> of(WindowReport report) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    report.metrics().forEach((metric, value) -> numbers.put(metric.key(), value));
    report
        .training()
        .forEach(
            (name, value) -> {
              if (TRAINING.containsKey(name)) {
                numbers.put(TRAINING.get(name), value);
              }
            });
    numbers.put("completeness", report.completeness());
    numbers.put("oldest_sample_age", (double) report.oldestSampleAge());
    numbers.put("dropped", dropped(report));
    report.marginsSeen().ifPresent(seen -> putSeen(numbers, seen));
    report.layerNorms().forEach((layer, norm) -> numbers.put(NORM + layer, norm));
    return numbers;
  }

  private static double dropped(WindowReport report) {
    return report.dropped().values().stream().mapToDouble(Long::doubleValue).sum();
  }

  private static void putSeen(Map<String, Double> numbers, MarginStatistics seen) {
    numbers.put("seen.count", (double) seen.count());
    numbers.put("seen.mean", seen.mean());
    numbers.put("seen.min", seen.min());
    numbers.put("seen.accuracy", (double) seen.correct() / seen.count());
  }
}
