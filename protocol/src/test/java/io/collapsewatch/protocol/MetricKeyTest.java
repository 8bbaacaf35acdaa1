package io.collapsewatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricKeyTest {

  /**
   * Oracle: the keys that an independent implementation gives for a saved pass. It leaves out the
   * floor of the cross-entropy.
   */
  @Test
  void aSavedPassHasTheMetricsOfTheGoldenCases() throws IOException {
    Set<String> golden = new LinkedHashSet<>();
    try (InputStream json =
        MetricKeyTest.class.getResourceAsStream("/golden/saved-pass-metrics.json")) {
      new JsonMapper().readTree(json).path("metrics").fieldNames().forEachRemaining(golden::add);
    }
    golden.add("ce_floor");
    assertThat(
            Arrays.stream(MetricKey.values())
                .filter(MetricKey::ofSamples)
                .map(MetricKey::key)
                .collect(Collectors.toSet()))
        .isEqualTo(golden);
  }

  @Test
  void everyMetricIsFoundByItsKey() {
    for (MetricKey metric : MetricKey.values()) {
      assertThat(MetricKey.of(metric.key())).contains(metric);
    }
    assertThat(MetricKey.of("nc5")).isEmpty();
  }
}
