package io.collapsewatch.analyzer.compare;

import io.collapsewatch.protocol.CheckKey;
import io.collapsewatch.protocol.TheoryCheck;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Numbers beside what theory says of them. What is not finite does not get in. */
final class Checks {

  private final EnumMap<CheckKey, TheoryCheck> checks = new EnumMap<>(CheckKey.class);

  void add(CheckKey key, double measured, double predicted) {
    if (Double.isFinite(measured) && Double.isFinite(predicted)) {
      checks.put(key, TheoryCheck.of(measured, predicted));
    }
  }

  void add(CheckKey key, OptionalDouble measured, double predicted) {
    measured.ifPresent(value -> add(key, value, predicted));
  }

  /** By name, in the order of the catalogue. */
  Map<String, TheoryCheck> byKey() {
    Map<String, TheoryCheck> byKey = new LinkedHashMap<>();
    checks.forEach((key, check) -> byKey.put(key.key(), check));
    return byKey;
  }
}
