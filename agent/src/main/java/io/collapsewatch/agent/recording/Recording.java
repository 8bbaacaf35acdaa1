package io.collapsewatch.agent.recording;

import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.Printable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a recording from its beginning, one entry after the other: 8 bytes of magic, then for each
 * capture when it was taken, its length and its bytes. A file that ends within an entry, as that of
 * a process that was killed does, ends with the entry before.
 */
final class Recording implements AutoCloseable {

  private static final byte[] MAGIC = {'C', 'W', 'R', 'E', 'C', 1, '\r', '\n'};
  private static final int ENTRY_HEAD = Long.BYTES + Integer.BYTES;

  private final String name;
  private final InputStream in;
  private long entries;
  private boolean truncated;

  /**
   * A capture as it was recorded.
   *
   * @param timeMs when it was taken, milliseconds since 1970
   */
  record Entry(long timeMs, ByteBuffer blob) {}

  private Recording(String name, InputStream in) {
    this.name = name;
    this.in = in;
  }

  /**
   * @throws UnreadableRecordingException if it is none
   */
  static Recording open(Path file) {
    String name = Printable.quote(String.valueOf(file.getFileName()));
    try {
      InputStream in = new BufferedInputStream(Files.newInputStream(file));
      byte[] magic = in.readNBytes(MAGIC.length);
      if (!Arrays.equals(magic, MAGIC)) {
        in.close();
        throw new UnreadableRecordingException(
            "%s is no recording: it does not begin with CWREC and version 1".formatted(name));
      }
      return new Recording(name, in);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static UnreadableRecordingException unreadable(String name, IOException e) {
    return new UnreadableRecordingException(
        "%s cannot be read (%s)".formatted(name, Printable.quote(e.toString())), e);
  }

  /**
   * The next entry, or none after the last whole one.
   *
   * @throws UnreadableRecordingException if it cannot be one, or the file cannot be read
   */
  Optional<Entry> next() {
    try {
      byte[] head = in.readNBytes(ENTRY_HEAD);
      truncated = head.length > 0 && head.length < ENTRY_HEAD;
      return head.length < ENTRY_HEAD ? Optional.empty() : entry(ByteBuffer.wrap(head));
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private Optional<Entry> entry(ByteBuffer head) throws IOException {
    head.order(ByteOrder.LITTLE_ENDIAN);
    long timeMs = head.getLong();
    long length = Integer.toUnsignedLong(head.getInt());
    requireLength(length);
    byte[] blob = in.readNBytes((int) length);
    truncated = blob.length < length;
    if (truncated) {
      return Optional.empty();
    }
    entries++;
    return Optional.of(new Entry(timeMs, ByteBuffer.wrap(blob)));
  }

  private void requireLength(long length) {
    if (length < 1 || length > Limits.CAPTURE_BYTES) {
      throw new UnreadableRecordingException(
          "%s: entry %d claims %d bytes; expected 1..%d, a capture"
              .formatted(name, entries, length, Limits.CAPTURE_BYTES));
    }
  }

  /** Entries read so far. */
  long entries() {
    return entries;
  }

  /** Whether the file ended within an entry. */
  boolean truncated() {
    return truncated;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }
}
