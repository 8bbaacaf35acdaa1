package io.collapsewatch.agent.capture;

/** Why a message was lost in the agent: the reasons in {@code CaptureHeader.dropped}. */
final class DropReason {

  /** No room in the buffer before Kafka. */
  static final String BUFFER_FULL = "buffer_full";

  /** Malformed, too large, or not fitting its run. */
  static final String REFUSED = "refused";

  /** Taken, but Kafka did not take it in the end. */
  static final String KAFKA_FAILED = "kafka_failed";

  private DropReason() {}
}
