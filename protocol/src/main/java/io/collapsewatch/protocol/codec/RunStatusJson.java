package io.collapsewatch.protocol.codec;

import io.collapsewatch.protocol.RunStatus;

/** The status of a run as JSON; {@code run-status.schema.json} describes it. */
public final class RunStatusJson {

  private static final TopicJson<RunStatus> JSON =
      new TopicJson<>(RunStatus.class, "run status", "run-status.schema.json", RunStatus.VERSION);

  private RunStatusJson() {}

  /** The status as UTF-8 JSON on one line; what is absent is left out. */
  public static byte[] encode(RunStatus status) {
    return JSON.encode(status);
  }

  /**
   * The status in {@code json}; fields that this build does not know are ignored.
   *
   * @throws IllegalArgumentException if it is none, with what is wrong
   */
  public static RunStatus decode(byte[] json) {
    return JSON.decode(json);
  }
}
