package io.collapsewatch.protocol.codec;

import static com.fasterxml.jackson.annotation.JsonSetter.Value.forValueNulls;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonInclude.Value;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.Printable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Values of a topic as JSON on one line, versioned. What is absent is left out; equal values have
 * the same bytes on every JDK; fields that this build does not know are ignored.
 */
final class TopicJson<T> {

  private static final JsonMapper MAPPER = mapper();

  private final Class<T> type;
  private final String name;
  private final String schema;
  private final int version;

  /**
   * @param name what a value is called in sentences
   * @param schema file that describes it
   * @param version the only one that is read
   */
  TopicJson(Class<T> type, String name, String schema, int version) {
    this.type = type;
    this.name = name;
    this.schema = schema;
    this.version = version;
  }

  byte[] encode(T value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the %s cannot be written as JSON".formatted(name), e);
    }
  }

  /**
   * @throws IllegalArgumentException if {@code json} is none, with what is wrong
   */
  T decode(byte[] json) {
    try {
      JsonNode tree = MAPPER.readTree(json);
      requireVersion(tree);
      return MAPPER.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw unreadable(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw unreadable(e.getMessage(), e);
    }
  }

  private void requireVersion(JsonNode tree) {
    JsonNode found = tree.path("version");
    if (!found.isInt() || found.intValue() != version) {
      String read = found.isMissingNode() ? "missing" : Printable.quote(found.toString());
      throw new IllegalArgumentException(
          "the version of the %s is %s; expected %d".formatted(name, read, version));
    }
  }

  private IllegalArgumentException unreadable(String what, IOException cause) {
    return new IllegalArgumentException(
        "the %s cannot be read: %s; expected the JSON of %s"
            .formatted(name, Printable.quote(what), schema),
        cause);
  }

  private static JsonMapper mapper() {
    // Double.toString writes other digits before JDK 19 than after; this writer is the same on all.
    JsonFactory factory =
        JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();
    return JsonMapper.builder(factory)
        .addModules(new Jdk8Module(), ReportConverters.module())
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
        .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .defaultPropertyInclusion(Value.construct(Include.NON_EMPTY, Include.ALWAYS))
        .withConfigOverride(
            MetricValues.class, o -> o.setInclude(Value.construct(Include.ALWAYS, Include.ALWAYS)))
        .withConfigOverride(Map.class, o -> o.setSetterInfo(forValueNulls(Nulls.AS_EMPTY)))
        .withConfigOverride(List.class, o -> o.setSetterInfo(forValueNulls(Nulls.AS_EMPTY)))
        .withConfigOverride(String.class, o -> o.setSetterInfo(forValueNulls(Nulls.FAIL)))
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }
}
