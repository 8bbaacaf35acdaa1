package io.collapsewatch.analyzer.webhook;

import io.collapsewatch.protocol.Alert;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The alerts that were given to Alertmanager; see {@code alertmanager/README.md}. */
public final class GivenAlerts {

  /** When they began. */
  public static final Instant START = Instant.parse("2026-11-21T05:00:00Z");

  private static final Instant END = Instant.parse("2026-11-21T05:01:00Z");

  private GivenAlerts() {}

  public static Alert firing() {
    return alert(
        Alert.Status.FIRING,
        "NC1 has stood at 0.47 for 40 epochs, above the floor of 0.05",
        OptionalLong.empty(),
        START);
  }

  public static Alert resolved() {
    return alert(
        Alert.Status.RESOLVED,
        "the run has ended at step 9000",
        OptionalLong.of(END.toEpochMilli()),
        END);
  }

  private static Alert alert(
      Alert.Status status, String reason, OptionalLong endsMs, Instant timestamp) {
    return new Alert(
        Alert.VERSION,
        "digits-plain",
        2,
        Alert.State.STALLED,
        status,
        reason,
        START.toEpochMilli(),
        endsMs,
        8000,
        OptionalDouble.of(160),
        timestamp.toEpochMilli());
  }
}
