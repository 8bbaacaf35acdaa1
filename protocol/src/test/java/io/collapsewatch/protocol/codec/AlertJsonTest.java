package io.collapsewatch.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.collapsewatch.protocol.Alert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertJsonTest {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final JsonNode TEXT = read();
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(TEXT);

  private static final Alert FIRING =
      new Alert(
          Alert.VERSION,
          "r",
          0,
          Alert.State.SILENT,
          Alert.Status.FIRING,
          "nothing came for 90 s",
          5,
          OptionalLong.empty(),
          7,
          OptionalDouble.empty(),
          6);

  static final Alert RESOLVED =
      new Alert(
          Alert.VERSION,
          "run-1",
          2,
          Alert.State.STALLED,
          Alert.Status.RESOLVED,
          "NC1 has stood at 0.47 for 40 epochs, above the floor of 0.05",
          10,
          OptionalLong.of(20),
          700,
          OptionalDouble.of(1.5),
          21);

  @Test
  void comesBackAsItWas() {
    assertThat(AlertJson.decode(AlertJson.encode(RESOLVED))).isEqualTo(RESOLVED);
    assertThat(AlertJson.decode(AlertJson.encode(FIRING))).isEqualTo(FIRING);
  }

  @Test
  void isOneLineWithoutWhatIsAbsent() {
    assertThat(new String(AlertJson.encode(FIRING), UTF_8))
        .isEqualTo(
            "{\"version\":1,\"run\":\"r\",\"attempt\":0,\"state\":\"silent\",\"status\":\"firing\","
                + "\"reason\":\"nothing came for 90 s\",\"starts_ms\":5,\"step\":7,\"timestamp_ms\":6}");
  }

  @Test
  void isWhatTheSchemaDescribes() throws IOException {
    assertThat(SCHEMA.validate(json(RESOLVED))).isEmpty();
    assertThat(SCHEMA.validate(json(FIRING))).isEmpty();
    assertThat(names(json(RESOLVED))).containsExactlyElementsOf(names(TEXT.path("properties")));
    List<String> required = new ArrayList<>();
    TEXT.path("required").forEach(name -> required.add(name.textValue()));
    assertThat(names(json(FIRING))).containsExactlyElementsOf(required);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"run\":\"<b>\"}",
        "{\"attempt\":-1}",
        "{\"state\":\"ended\"}",
        "{\"status\":\"gone\"}",
        "{\"status\":\"resolved\"}",
        "{\"reason\":\"\"}",
        "{\"starts_ms\":-1}",
        "{\"ends_ms\":9}",
        "{\"epoch\":-0.5}",
        "{\"timestamp_ms\":\"6\"}",
        "{\"version\":2}",
      })
  void theSchemaAndTheReaderRefuseTheSame(String change) throws IOException {
    JsonNode alert = MAPPER.readerForUpdating(json(FIRING)).readTree(change);
    assertThat(SCHEMA.validate(alert)).isNotEmpty();
    assertThatThrownBy(() -> AlertJson.decode(MAPPER.writeValueAsBytes(alert)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThatThrownBy(() -> AlertJson.decode("{\"version\":2}".getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the version of the alert is \"2\"; expected 1");
    assertThatThrownBy(
            () ->
                AlertJson.decode(
                    "{\"version\":1,\"run\":\"r\",\"state\":\"silent\",\"status\":\"firing\",\"reason\":\"x\",\"starts_ms\":-5}"
                        .getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the alert cannot be read: \"")
        .hasMessageEndingWith("; expected the JSON of alert.schema.json");
  }

  private static JsonNode json(Alert alert) throws IOException {
    return MAPPER.readTree(AlertJson.encode(alert));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode read() {
    try {
      return MAPPER.readTree(Files.readString(Path.of("alert.schema.json")));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
