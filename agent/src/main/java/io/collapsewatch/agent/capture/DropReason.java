package io.collapsewatch.agent.capture;

import java.util.List;

/** Why a message was lost in the agent: the reasons in {@code CaptureHeader.dropped}. */
public final class DropReason {

  /** No room in the buffer before Kafka. */
  public static final String BUFFER_FULL = "buffer_full";

  /** Malformed, too large, or not fitting its run. */
  public static final String REFUSED = "refused";

  /** Taken, but Kafka did not take it in the end. */
  public static final String KAFKA_FAILED = "kafka_failed";

  static final List<String> ALL = List.of(BUFFER_FULL, REFUSED, KAFKA_FAILED);

  private DropReason() {}
}
