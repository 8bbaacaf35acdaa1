package io.collapsewatch.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.collapsewatch.protocol.CheckKey;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.WindowReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportSchemaTest {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final JsonNode TEXT = read();
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(TEXT);

  @Test
  void theFullestAndTheBarestReportAreValid() throws IOException {
    assertThat(SCHEMA.validate(json(Reports.full()))).isEmpty();
    assertThat(SCHEMA.validate(json(Reports.minimal()))).isEmpty();
  }

  @Test
  void theSchemaDescribesEveryFieldThatIsWritten() throws IOException {
    assertThat(names(json(Reports.full())))
        .containsExactlyElementsOf(names(TEXT.path("properties")));
  }

  @Test
  void theBarestReportHasTheRequiredFieldsOnly() throws IOException {
    List<String> required = new ArrayList<>();
    TEXT.path("required").forEach(name -> required.add(name.textValue()));
    assertThat(names(json(Reports.minimal()))).containsExactlyElementsOf(required);
  }

  @Test
  void theSchemaDescribesEveryMetric() {
    JsonNode metrics = TEXT.path("properties").path("metrics").path("properties");
    List<String> keys = new ArrayList<>();
    for (MetricKey metric : MetricKey.values()) {
      keys.add(metric.key());
      assertThat(metrics.path(metric.key()).path("description").textValue())
          .isEqualTo(metric.help());
    }
    assertThat(names(metrics)).containsExactlyElementsOf(keys);
  }

  @Test
  void theSchemaDescribesEveryCheck() throws IOException {
    JsonNode checks = TEXT.at("/properties/comparison/properties/checks/properties");
    List<String> keys = new ArrayList<>();
    for (CheckKey check : CheckKey.values()) {
      keys.add(check.key());
      assertThat(checks.path(check.key()).path("description").textValue()).isEqualTo(check.help());
    }
    assertThat(names(checks)).containsExactlyElementsOf(keys);
    assertThat(names(json(Reports.full()).path("comparison")))
        .containsExactlyElementsOf(names(TEXT.at("/properties/comparison/properties")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"run\":\"\"}",
        "{\"version\":2}",
        "{\"kind\":\"ROLLING\"}",
        "{\"completeness\":\"NaN\"}",
        "{\"metrics\":{\"nc1\":null}}",
        "{\"margin_histogram\":{\"bins\":[1001]}}",
        "{\"class_variability\":{\"a\":1}}",
        "{\"worst_pair\":{\"first\":0}}",
      })
  void theSchemaRefusesWhatIsNoReport(String change) throws IOException {
    JsonNode report = MAPPER.readerForUpdating(json(Reports.minimal())).readTree(change);
    assertThat(report).isNotEqualTo(json(Reports.minimal()));
    assertThat(SCHEMA.validate(report)).isNotEmpty();
  }

  private static JsonNode json(WindowReport report) throws IOException {
    return MAPPER.readTree(ReportJson.encode(report));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode read() {
    try {
      return MAPPER.readTree(Files.readString(Path.of("window-report.schema.json")));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
