package io.collapsewatch.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.Printable;

/**
 * The JSON of a capture. Reading is bounded before it begins (depth, length of names, texts and
 * numbers), refuses repeated names and anything after the end, and pools no names from outside.
 */
final class StrictJson {

  /** More than any number of 64 bits takes. */
  private static final int NUMBER_CHARACTERS = 32;

  private static final JsonMapper MAPPER = mapper();

  private StrictJson() {}

  /**
   * The tree of {@code text}.
   *
   * @param what what the text is, for the sentence
   * @throws MalformedCaptureException if it is not one JSON value within the limits
   */
  static JsonNode read(String what, String text) {
    try {
      return MAPPER.readTree(text);
    } catch (StreamConstraintsException e) {
      throw new MalformedCaptureException(
          "%s nests too deeply or has too long a number; expected at most %d levels and numbers of at most %d characters"
              .formatted(what, Limits.HEADER_DEPTH, NUMBER_CHARACTERS),
          e);
    } catch (JsonProcessingException e) {
      throw new MalformedCaptureException(
          "%s cannot be read%s: %s; expected one JSON value in which no name is repeated"
              .formatted(what, place(e), problem(e)),
          e);
    }
  }

  /** As ASCII, since text from outside may hold halves of surrogate pairs, which UTF-8 lacks. */
  static String write(JsonNode tree) {
    try {
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and whole numbers is always JSON", e);
    }
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** What the parser says, but for an early end, where it speaks of itself. */
  private static String problem(JsonProcessingException e) {
    return e instanceof JsonEOFException
        ? "it ends too early"
        : Printable.quote(e.getOriginalMessage());
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " at character " + e.getLocation().getCharOffset();
  }

  private static JsonMapper mapper() {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(Limits.HEADER_DEPTH)
            .maxNumberLength(NUMBER_CHARACTERS)
            .maxStringLength(Limits.HEADER_BYTES)
            .maxNameLength(Limits.HEADER_BYTES)
            .build();
    JsonFactory factory =
        new JsonFactoryBuilder()
            .streamReadConstraints(constraints)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }
}
