package io.collapsewatch.agent.stream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Takes frames off one connection. The memory for those of all connections is bounded: a frame
 * waits until its bytes are free, unread, and takes them as they arrive.
 */
final class FrameReader {

  /** Instead of a length: the client has ended the connection after a whole frame. */
  static final long END = -1;

  private static final int FIRST = 64 << 10;
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final ReadableByteChannel in;
  private final Semaphore free;
  private final LongSupplier nanos;
  private final ByteBuffer head = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
  private volatile boolean within;
  private volatile long newestByteNanos;

  /**
   * @param free bytes of frames of all connections together, at least those of the largest frame
   */
  FrameReader(ReadableByteChannel in, Semaphore free, LongSupplier nanos) {
    this.in = in;
    this.free = free;
    this.nanos = nanos;
  }

  /** The length of the next frame, or {@link #END}; waits for it as long as it takes. */
  long length() throws IOException {
    head.clear();
    while (head.hasRemaining()) {
      if (read(head) < 0) {
        if (head.position() == 0) {
          return END;
        }
        throw new EOFException("the connection ended within a frame");
      }
    }
    within = false;
    return Integer.toUnsignedLong(head.getInt(0));
  }

  /**
   * Reads a frame of which the length is known.
   *
   * @param use does something with its bytes, which are given back afterwards
   */
  void read(int length, Consumer<ByteBuffer> use) throws IOException, InterruptedException {
    free.acquire(length);
    try {
      use.accept(bytes(length));
    } finally {
      free.release(length);
    }
  }

  private ByteBuffer bytes(int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.min(length, FIRST));
    progress();
    while (bytes.position() < length) {
      if (!bytes.hasRemaining()) {
        int more = (int) Math.min(length, 2L * bytes.capacity());
        bytes = ByteBuffer.allocate(more).put(bytes.flip());
      }
      if (read(bytes) < 0) {
        throw new EOFException("the connection ended within a frame");
      }
    }
    within = false;
    return bytes.flip();
  }

  /**
   * Reads on for nothing until the client ends the connection: one that is closed with bytes unread
   * is reset, and the client would lose what it was told.
   *
   * @param most bytes that are worth it
   */
  void discard(long most) throws IOException {
    ByteBuffer waste = ByteBuffer.allocate(FIRST);
    progress();
    for (long left = most; left > 0; left -= waste.position()) {
      if (read(waste.clear()) < 0) {
        return;
      }
    }
  }

  private int read(ByteBuffer into) throws IOException {
    int read = in.read(into);
    if (read > 0) {
      progress();
    }
    return read;
  }

  private void progress() {
    newestByteNanos = nanos.getAsLong();
    within = true;
  }

  /** Whether a frame has begun and for too long no byte of it has come. */
  boolean stalled() {
    return within && nanos.getAsLong() - newestByteNanos > LONGEST_PAUSE_NANOS;
  }
}
