package io.collapsewatch.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.collapsewatch.protocol.NoiseFloor;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.Slope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RunStatusJsonTest {

  private static final JsonMapper MAPPER = new JsonMapper();

  private static final RunStatus MINIMAL =
      new RunStatus(
          RunStatus.VERSION,
          "r",
          0,
          RunStatus.State.WAITING,
          "no samples yet",
          5,
          5,
          6,
          0,
          OptionalDouble.empty(),
          OptionalInt.empty(),
          Map.of(),
          RunSettings.NONE,
          OptionalLong.empty(),
          OptionalDouble.empty(),
          Optional.empty(),
          Optional.empty());

  static final RunStatus FULL =
      new RunStatus(
          RunStatus.VERSION,
          "run-1",
          2,
          RunStatus.State.COLLAPSING,
          "all 640 samples are classified correctly: the terminal phase",
          10,
          5,
          20,
          700,
          OptionalDouble.of(1.5),
          OptionalInt.of(10),
          Map.of("penultimate", 64, "block3", 256),
          RunSettings.builder()
              .classes(10)
              .dim(64)
              .loss(RunSettings.Loss.CROSS_ENTROPY)
              .lossScale(2)
              .optimizer("sgd")
              .bias(true)
              .weightDecay(5e-4)
              .classCounts(List.of(1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L))
              .batchNorm(true)
              .reportEverySteps(14)
              .expectedIntervalSeconds(30)
              .tags(Map.of("who", "<script>", "b", "2"))
              .build(),
          OptionalLong.of(280),
          OptionalDouble.of(0.5),
          Optional.of(new NoiseFloor(0.1, NoiseFloor.Source.SETTING)),
          Optional.of(new Slope(-0.5, -0.625, -0.375, 12)));

  @Test
  void comesBackAsItWas() {
    assertThat(RunStatusJson.decode(RunStatusJson.encode(FULL))).isEqualTo(FULL);
    assertThat(RunStatusJson.decode(RunStatusJson.encode(MINIMAL))).isEqualTo(MINIMAL);
  }

  @Test
  void isSmallWhereLittleIsKnown() {
    assertThat(new String(RunStatusJson.encode(MINIMAL), UTF_8))
        .isEqualTo(
            "{\"version\":1,\"run\":\"r\",\"attempt\":0,\"state\":\"waiting\","
                + "\"reason\":\"no samples yet\",\"since_ms\":5,\"started_ms\":5,"
                + "\"timestamp_ms\":6,\"step\":0,\"settings\":{}}");
  }

  @Test
  void isWhatTheSchemaDescribes() throws IOException {
    JsonNode text = MAPPER.readTree(Files.readString(Path.of("run-status.schema.json")));
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(text);

    assertThat(schema.validate(MAPPER.readTree(RunStatusJson.encode(FULL)))).isEmpty();
    assertThat(schema.validate(MAPPER.readTree(RunStatusJson.encode(MINIMAL)))).isEmpty();
    assertThat(names(MAPPER.readTree(RunStatusJson.encode(FULL))))
        .containsExactlyElementsOf(names(text.path("properties")));
    assertThat(names(MAPPER.readTree(RunStatusJson.encode(FULL)).path("settings")))
        .containsExactlyElementsOf(
            names(text.path("properties").path("settings").path("properties")));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void anotherVersionIsRefused() {
    assertThatThrownBy(() -> RunStatusJson.decode("{\"version\":2}".getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the version of the run status is \"2\"; expected 1");
  }
}
