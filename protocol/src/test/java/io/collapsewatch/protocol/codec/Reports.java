package io.collapsewatch.protocol.codec;

import io.collapsewatch.protocol.CheckKey;
import io.collapsewatch.protocol.MarginHistogram;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.ModelComparison;
import io.collapsewatch.protocol.TheoryCheck;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.WindowReport.ClassPair;
import io.collapsewatch.protocol.WindowReport.Cosines;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reports with everything they can hold and with as little as they may. */
final class Reports {

  private Reports() {}

  static WindowReport minimal() {
    return new WindowReport(
        WindowReport.VERSION,
        "a-run",
        0,
        "train",
        "penultimate",
        WindowReport.Kind.ROLLING,
        Optional.empty(),
        0,
        0,
        OptionalDouble.empty(),
        1_790_000_000_000L,
        OptionalInt.empty(),
        64,
        0,
        0,
        OptionalLong.empty(),
        new MetricValues(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Map.of(),
        Map.of(),
        Optional.empty(),
        Map.of(),
        List.of());
  }

  /** A snapshot of three classes, every metric set to a tenth of its place in the catalogue. */
  static WindowReport full() {
    return new WindowReport(
        WindowReport.VERSION,
        "resnet_18.b",
        1,
        "test",
        "block-3",
        WindowReport.Kind.SNAPSHOT,
        Optional.of("epoch-7"),
        4100,
        4200,
        OptionalDouble.of(7.25),
        1_790_000_000_123L,
        OptionalInt.of(3),
        64,
        0.75,
        100,
        OptionalLong.of(4199),
        metrics(),
        Optional.of("etf"),
        Optional.of(new ClassPair(0, 2, -0.4987)),
        Optional.of(MarginHistogram.of(-3.5, 0.001, 0.001, 12)),
        Optional.of(MarginStatistics.of(new double[] {0.5, 1.5, 4}, 2)),
        Map.of(0, 0.1, 2, 3e-5, 1, 1e-12),
        Optional.of(cosines()),
        norms(),
        Map.of("loss", 0.1 + 0.2, "accuracy", 1.0, "learning_rate", 1e-5, "weight_decay", 5e-4),
        Optional.of(comparison()),
        Map.of("sampled", 7L, "buffer_full", 1L),
        List.of("class 3 was never seen", "2e-3 \"is\" ß"));
  }

  private static MetricValues metrics() {
    MetricValues metrics = new MetricValues();
    int place = 0;
    for (MetricKey key : MetricKey.values()) {
      metrics.set(key, place++ / 10.0);
    }
    return metrics;
  }

  private static Cosines cosines() {
    return new Cosines(
        List.of(0, 1, 2),
        Arrays.asList(-0.5, null, -0.4987),
        List.of(-0.5, -0.5, -0.5),
        List.of(new ClassPair(0, 2, -0.4987)));
  }

  private static ModelComparison comparison() {
    Map<String, TheoryCheck> checks = new LinkedHashMap<>();
    checks.put(CheckKey.MARGIN_MEAN.key(), TheoryCheck.of(9, 10));
    checks.put(CheckKey.WRONG_OUTPUT_SPREAD.key(), TheoryCheck.of(0.25, 0));
    return new ModelComparison(
        Optional.of("ce-ufm"),
        Optional.of("two of three classes are in the window"),
        OptionalDouble.of(179.7),
        OptionalDouble.of(5e-4),
        OptionalDouble.of(2e-6),
        OptionalDouble.of(0.0125),
        checks);
  }

  private static Map<String, Double> norms() {
    Map<String, Double> norms = new LinkedHashMap<>();
    norms.put("stem", 2.0);
    norms.put("head", 1.5);
    return norms;
  }
}
