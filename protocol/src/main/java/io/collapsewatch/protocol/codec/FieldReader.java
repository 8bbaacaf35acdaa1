package io.collapsewatch.protocol.codec;

import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.Printable;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The texts of {@code __metadata__} as numbers, flags and names. What a text cannot mean is refused
 * with the field, the text and what was expected.
 */
final class FieldReader {

  /** Decimal notation only: no NaN, Infinity or hexadecimal. Possessive, so that it is linear. */
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?+(?:\\d++(?:\\.\\d*+)?+|\\.\\d++)(?:[eE][-+]?+\\d++)?+");

  private final Map<String, String> metadata;

  FieldReader(Map<String, String> metadata) {
    this.metadata = metadata;
  }

  Optional<String> text(String field) {
    return Optional.ofNullable(metadata.get(field));
  }

  OptionalLong whole(String field) {
    String text = metadata.get(field);
    return text == null ? OptionalLong.empty() : OptionalLong.of(parse(field, text));
  }

  OptionalInt integer(String field) {
    OptionalLong value = whole(field);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (value.getAsLong() != (int) value.getAsLong()) {
      throw refused(
          field, "a whole number in %d..%d".formatted(Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    return OptionalInt.of((int) value.getAsLong());
  }

  OptionalDouble number(String field) {
    String text = metadata.get(field);
    if (text == null) {
      return OptionalDouble.empty();
    }
    double value = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    if (!Double.isFinite(value)) {
      throw refused(field, "a finite number");
    }
    return OptionalDouble.of(value);
  }

  Optional<Boolean> flag(String field) {
    return text(field)
        .map(
            text ->
                switch (text) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw refused(field, "true or false");
                });
  }

  /** The fields whose name begins with {@code prefix}, by the rest of their name. */
  Map<String, String> startingWith(String prefix) {
    Map<String, String> found = new TreeMap<>();
    metadata.forEach(
        (field, text) -> {
          if (field.startsWith(prefix)) {
            found.put(field.substring(prefix.length()), text);
          }
        });
    return found;
  }

  /** For {@code orElseThrow} on a field that must be there. */
  static Supplier<MalformedCaptureException> missing(String field, String expected) {
    return () ->
        new MalformedCaptureException("%s is missing; expected %s".formatted(field, expected));
  }

  MalformedCaptureException refused(String field, String expected) {
    return new MalformedCaptureException(
        "%s is %s; expected %s".formatted(field, Printable.quote(metadata.get(field)), expected));
  }

  private long parse(String field, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw refused(field, "a whole number");
    }
  }
}
