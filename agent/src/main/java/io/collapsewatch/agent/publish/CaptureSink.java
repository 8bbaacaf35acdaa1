package io.collapsewatch.agent.publish;

import java.time.Duration;
import java.util.List;

/** Where encoded captures go. Thread-safe; the captures of one run keep the order of the offers. */
public interface CaptureSink extends AutoCloseable {

  /** How long {@link #close()} waits. */
  Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  /**
   * Takes all of the captures or, when there is no room for them, none. Returns at once.
   *
   * @param captures in the order in which they are to be published
   * @return whether they were taken; a capture that was taken and is lost later says so through
   *     {@link EncodedCapture#onLost}
   */
  boolean offer(List<EncodedCapture> captures);

  /** Whether captures are being delivered, rather than only kept until they can be. */
  boolean connected();

  /**
   * Delivers what was taken, waiting at most {@code limit}; takes nothing more.
   *
   * @return how many captures were taken but not delivered and are lost
   */
  long close(Duration limit);

  /** Closes within {@link #CLOSE_LIMIT}. */
  @Override
  default void close() {
    close(CLOSE_LIMIT);
  }
}
