package io.collapsewatch.agent.publish;

import io.collapsewatch.protocol.Capture;
import java.util.List;

/**
 * A capture as it goes to Kafka: one record, or several where it is too large for one.
 *
 * @param run id of its run, the key of every record
 * @param parts bytes of each record, in order; not to be modified
 * @param onLost called at most once, from any thread, when the capture was taken by a sink and
 *     could not be delivered
 * @param onSettled called at most once, from any thread, when a sink has delivered the capture, or
 *     has lost it and said so
 */
public record EncodedCapture(String run, List<byte[]> parts, Runnable onLost, Runnable onSettled) {

  public EncodedCapture {
    parts = List.copyOf(parts);
  }

  /**
   * Encodes a capture, by rows in several parts if it is too large for one record.
   *
   * @param before how many parts of the same message go before it
   * @throws io.collapsewatch.protocol.CaptureTooLargeException if it cannot be split small enough
   */
  public static EncodedCapture of(
      Capture capture, int before, Runnable onLost, Runnable onSettled) {
    return new EncodedCapture(
        capture.header().run(), Splitter.split(capture, before), onLost, onSettled);
  }

  /** Bytes of all parts. */
  public long bytes() {
    return parts.stream().mapToLong(part -> part.length).sum();
  }
}
