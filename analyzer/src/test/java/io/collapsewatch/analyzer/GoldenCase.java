package io.collapsewatch.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.saved.SavedPass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A saved pass with the metrics that an independent implementation computed from it in 80-bit
 * floating point; {@code golden/README.md} says which tolerance that allows.
 */
public record GoldenCase(Path folder) {

  private static final JsonMapper MAPPER = new JsonMapper();

  /** All of them, by name. */
  public static List<GoldenCase> all() {
    try (Stream<Path> folders = Files.list(root())) {
      return folders.filter(Files::isDirectory).sorted().map(GoldenCase::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The case of that name. */
  public static GoldenCase of(String name) {
    return new GoldenCase(root().resolve(name));
  }

  private static Path root() {
    try {
      return Path.of(GoldenCase.class.getResource("/golden").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public String name() {
    return folder.getFileName().toString();
  }

  /** The arrays. */
  public SavedPass pass() {
    return SavedPass.read(folder);
  }

  /** Expected value by key; null where the metric is undefined. */
  public Map<String, Double> expected() {
    try {
      return metrics(Files.readString(folder.resolve("expected.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Holds {@code metrics} of some JSON, null where undefined, against every expected value. */
  public void assertMatchesJson(String json) throws IOException {
    Map<String, Double> actual = metrics(json);
    expected()
        .forEach(
            (key, value) -> {
              assertThat(actual).as("keys of %s", name()).containsKey(key);
              assertMatches(key, value, actual.get(key));
            });
  }

  /** Holds metrics, absent where undefined, against every expected value. */
  public void assertMatches(MetricValues metrics) {
    expected().forEach((key, value) -> assertMatches(key, value, value(metrics, key)));
  }

  private static Double value(MetricValues metrics, String key) {
    return metrics.toMap().get(MetricKey.of(key).orElseThrow());
  }

  private void assertMatches(String key, Double expected, Double actual) {
    if (expected == null || actual == null) {
      assertThat(actual).as("%s of %s", key, name()).isEqualTo(expected);
    } else {
      double error = Math.abs(actual - expected);
      assertThat(error)
          .as("error of %s of %s, which is %s and should be %s", key, name(), actual, expected)
          .isLessThanOrEqualTo(Math.max(1e-12, tolerance(key) * Math.abs(expected)));
    }
  }

  private double tolerance(String key) {
    return name().startsWith("deep-") && key.startsWith("nc1") ? 1e-6 : 1e-9;
  }

  private static Map<String, Double> metrics(String json) throws IOException {
    return MAPPER.convertValue(
        MAPPER.readTree(json).required("metrics"), new TypeReference<TreeMap<String, Double>>() {});
  }

  @Override
  public String toString() {
    return name();
  }
}
