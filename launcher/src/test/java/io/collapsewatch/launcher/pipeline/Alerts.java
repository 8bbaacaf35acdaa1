package io.collapsewatch.launcher.pipeline;

import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.codec.AlertJson;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Alerts of {@code run} as the topic has them. */
final class Alerts {

  private Alerts() {}

  static byte[] firing(long startsMs) {
    return json(Alert.Status.FIRING, startsMs, OptionalLong.empty());
  }

  static byte[] resolved(long startsMs, long endsMs) {
    return json(Alert.Status.RESOLVED, startsMs, OptionalLong.of(endsMs));
  }

  private static byte[] json(Alert.Status status, long startsMs, OptionalLong endsMs) {
    return AlertJson.encode(
        new Alert(
            Alert.VERSION,
            "run",
            0,
            Alert.State.STALLED,
            status,
            "flat for 3 epochs",
            startsMs,
            endsMs,
            startsMs,
            OptionalDouble.empty(),
            endsMs.orElse(startsMs)));
  }
}
