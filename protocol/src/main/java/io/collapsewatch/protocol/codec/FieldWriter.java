package io.collapsewatch.protocol.codec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Collects the texts of {@code __metadata__}; what is absent or at its default is left out. */
final class FieldWriter {

  private final Map<String, String> metadata = new LinkedHashMap<>();

  void put(String field, Object value) {
    metadata.put(field, value.toString());
  }

  void putUnless(Object normal, String field, Object value) {
    if (!value.equals(normal)) {
      put(field, value);
    }
  }

  void put(String field, Optional<?> value) {
    value.ifPresent(present -> put(field, present));
  }

  void put(String field, OptionalInt value) {
    value.ifPresent(present -> put(field, (Object) present));
  }

  void put(String field, OptionalLong value) {
    value.ifPresent(present -> put(field, (Object) present));
  }

  /** A double is written so that reading it gives the same double. */
  void put(String field, OptionalDouble value) {
    value.ifPresent(present -> put(field, (Object) present));
  }

  Map<String, String> metadata() {
    return metadata;
  }
}
