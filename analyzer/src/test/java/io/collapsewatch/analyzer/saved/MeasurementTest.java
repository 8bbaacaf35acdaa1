package io.collapsewatch.analyzer.saved;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.analyzer.GoldenCase;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeasurementTest {

  @Test
  void everyMetricOfSamplesHasItsPlace() throws Exception {
    CollapseResult result = new MeasurablePass(GoldenCase.of("confused-pair").pass()).measure();
    JsonNode json = new JsonMapper().readTree(new Measurement(result).json());
    List<String> keys =
        Arrays.stream(MetricKey.values()).filter(MetricKey::ofSamples).map(MetricKey::key).toList();
    assertThat(json.get("metrics").fieldNames()).toIterable().containsExactlyElementsOf(keys);
    assertThat(json.get("metrics").get("nc1_cdnv").isNull()).isTrue();
    assertThat(json.get("frame").textValue()).isEqualTo("etf");
    assertThat(json.get("worst_pair").get("first").intValue()).isEqualTo(4);
    assertThat(json.get("worst_pair").get("second").intValue()).isEqualTo(5);
    assertThat(json.get("worst_pair").get("cosine").doubleValue()).isCloseTo(1, within(1e-15));
    assertThat(json.get("class_variability").fieldNames())
        .toIterable()
        .containsExactly("0", "1", "2", "3", "4", "5");
  }

  @Test
  void whatIsNotDefinedIsNull() {
    CollapseResult nothing =
        new CollapseResult(
            new MetricValues(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(new Measurement(nothing).json())
        .startsWith("{\"metrics\":{\"classes_present\":null,\"samples\":null,")
        .endsWith(
            "\"ce_floor\":null},\"frame\":null,\"worst_pair\":null,\"class_variability\":{}}");
  }
}
