package io.collapsewatch.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.collapsewatch.protocol.FittedCurve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FittedCurveJsonTest {

  private static final JsonMapper MAPPER = new JsonMapper();

  static final FittedCurve FULL =
      new FittedCurve(
          FittedCurve.VERSION,
          "run-1",
          2,
          "ce-ufm",
          FittedCurve.Alignment.TERMINAL_PHASE,
          280,
          0.125,
          0.25,
          0.5,
          33,
          Map.of("nc1", 0.25),
          List.of(0L, 280L, 5600L),
          Map.of("nc1", List.of(2.0, 0.5, 1e-3)),
          true,
          20);

  @Test
  void comesBackAsItWas() {
    assertThat(FittedCurveJson.decode(FittedCurveJson.encode(FULL))).isEqualTo(FULL);
  }

  @Test
  void isOneLine() {
    assertThat(new String(FittedCurveJson.encode(FULL), UTF_8))
        .isEqualTo(
            "{\"version\":1,\"run\":\"run-1\",\"attempt\":2,\"model\":\"ce-ufm\","
                + "\"aligned\":\"terminal_phase\",\"aligned_step\":280,\"time_per_step\":0.125,"
                + "\"residual\":0.25,\"line_residual\":0.5,\"reports\":33,\"residuals\":{\"nc1\":0.25},"
                + "\"steps\":[0,280,5600],\"metrics\":{\"nc1\":[2.0,0.5,0.001]},"
                + "\"complete\":true,\"timestamp_ms\":20}");
  }

  @Test
  void isWhatTheSchemaDescribes() throws IOException {
    JsonNode text = MAPPER.readTree(Files.readString(Path.of("fitted-curve.schema.json")));
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(text);
    JsonNode full = MAPPER.readTree(FittedCurveJson.encode(FULL));

    assertThat(schema.validate(full)).isEmpty();
    assertThat(names(full)).containsExactlyElementsOf(names(text.path("properties")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"steps\":[0,280]}; the length of nc1 of a fitted curve is 3; expected 2",
        "{\"steps\":[0,280,280]}; a step of a fitted curve is 280; expected more than 280",
        "{\"time_per_step\":0}; time_per_step of a fitted curve is 0.0; expected a finite number above 0",
        "{\"residual\":-1}; residual of a fitted curve is -1.0; expected a finite number of at least 0",
        "{\"run\":\"a b\"}; run of a fitted curve is \"a b\"; expected [A-Za-z0-9._-]{1,64}",
      })
  void whatIsWrongIsSaid(String change, String sentence) throws IOException {
    ObjectNode curve = (ObjectNode) MAPPER.readTree(FittedCurveJson.encode(FULL));
    curve.setAll((ObjectNode) MAPPER.readTree(change));
    byte[] changed = MAPPER.writeValueAsBytes(curve);

    assertThatThrownBy(() -> FittedCurveJson.decode(changed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasStackTraceContaining(sentence);
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
