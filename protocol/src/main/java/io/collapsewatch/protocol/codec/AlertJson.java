package io.collapsewatch.protocol.codec;

import io.collapsewatch.protocol.Alert;

/** Alerts as JSON; {@code alert.schema.json} describes them. */
public final class AlertJson {

  private static final TopicJson<Alert> JSON =
      new TopicJson<>(Alert.class, "alert", "alert.schema.json", Alert.VERSION);

  private AlertJson() {}

  /** The alert as UTF-8 JSON on one line; what is absent is left out. */
  public static byte[] encode(Alert alert) {
    return JSON.encode(alert);
  }

  /**
   * The alert in {@code json}; fields that this build does not know are ignored.
   *
   * @throws IllegalArgumentException if it is none, with what is wrong
   */
  public static Alert decode(byte[] json) {
    return JSON.decode(json);
  }
}
