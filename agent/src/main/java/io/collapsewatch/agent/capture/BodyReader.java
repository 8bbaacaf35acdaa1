package io.collapsewatch.agent.capture;

import io.collapsewatch.protocol.Limits;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Semaphore;

/**
 * Reads request bodies into memory, each up to {@link Limits#CAPTURE_BYTES} and all of them
 * together up to a bound. Memory is taken as bytes arrive, not as a header promises them.
 */
final class BodyReader {

  private static final int FIRST = 64 << 10;

  private final Semaphore free;

  /**
   * @param bytes of all bodies together; a body needs up to 1.5 times its size while it is read
   */
  BodyReader(int bytes) {
    free = new Semaphore(bytes);
  }

  /** A body; closing it gives its memory back to the others. */
  final class Body implements AutoCloseable {
    private byte[] bytes = new byte[0];
    private int size;

    ByteBuffer bytes() {
      return ByteBuffer.wrap(bytes, 0, size).slice();
    }

    private void grow(int capacity) {
      if (!free.tryAcquire(capacity)) {
        throw new Refusal(
            HttpStatus.SERVICE_UNAVAILABLE,
            "busy",
            "other requests fill the memory for request bodies; send it again");
      }
      int before = bytes.length;
      bytes = Arrays.copyOf(bytes, capacity);
      free.release(before);
    }

    @Override
    public void close() {
      free.release(bytes.length);
      bytes = new byte[0];
      size = 0;
    }
  }

  /**
   * Reads a body to its end.
   *
   * @param length what the header says, −1 if nothing
   * @throws Refusal if it is too large, ends early, or there is no memory for it now
   */
  Body read(InputStream in, long length) {
    if (length > Limits.CAPTURE_BYTES) {
      throw tooLarge(length + " bytes");
    }
    Body body = new Body();
    try {
      fill(body, in, length < 0 ? Limits.CAPTURE_BYTES : (int) length);
      return body;
    } catch (IOException e) {
      body.close();
      throw new Refusal(
          HttpStatus.BAD_REQUEST, "malformed", "the request body broke off before its end");
    } catch (RuntimeException | Error e) {
      body.close();
      throw e;
    }
  }

  private static void fill(Body body, InputStream in, int most) throws IOException {
    while (true) {
      if (body.size == body.bytes.length) {
        if (body.size == most) {
          requireEnd(in);
          return;
        }
        body.grow((int) Math.min(most, Math.max(FIRST, 2L * body.size)));
      }
      int read = in.read(body.bytes, body.size, body.bytes.length - body.size);
      if (read < 0) {
        return;
      }
      body.size += read;
    }
  }

  /** Only a body without a known length can be longer than {@code most}. */
  private static void requireEnd(InputStream in) throws IOException {
    if (in.read() >= 0) {
      throw tooLarge("more than %d bytes".formatted(Limits.CAPTURE_BYTES));
    }
  }

  private static Refusal tooLarge(String size) {
    return new Refusal(
        HttpStatus.CONTENT_TOO_LARGE,
        "too_large",
        "the capture has %s; expected at most %d".formatted(size, Limits.CAPTURE_BYTES));
  }
}
