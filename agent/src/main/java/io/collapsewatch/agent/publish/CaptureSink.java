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
   * @return whether they were taken; what becomes of a capture that was taken is told through
   *     {@link EncodedCapture#onLost} and {@link EncodedCapture#onSettled}, in the order of the
   *     offers for those of one run
   */
  boolean offer(List<EncodedCapture> captures);

  /**
   * Waits until half of the room is free, at most as long as given: for those who can wait and
   * leave the other half to those who cannot. Returns at once when the sink is closed.
   *
   * @return whether half of the room is free
   */
  boolean awaitRoom(Duration longest) throws InterruptedException;

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
