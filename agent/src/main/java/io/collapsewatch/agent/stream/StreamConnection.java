package io.collapsewatch.agent.stream;

import io.collapsewatch.agent.capture.CaptureIntake;
import io.collapsewatch.agent.capture.Counts;
import io.collapsewatch.agent.capture.Door;
import io.collapsewatch.agent.publish.Throttle;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureException;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. Its captures are taken one after the other; while the buffer before Kafka is full, it
 * is not read on, which holds the client back and loses nothing.
 */
final class StreamConnection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StreamConnection.class);

  /** No token is as long; what claims to be longer is refused unread. */
  private static final int GREETING_BYTES = 4096;

  private final SocketChannel channel;
  private final FrameReader frames;
  private final CaptureIntake intake;
  private final Counts.ByDoor counts;
  private final Throttle warnings;
  private final Tally tally = new Tally();

  /**
   * @param warnings shared by all connections
   */
  StreamConnection(
      SocketChannel channel, FrameReader frames, CaptureIntake intake, Throttle warnings) {
    this.channel = channel;
    this.frames = frames;
    this.intake = intake;
    this.counts = intake.counts().of(Door.STREAM);
    this.warnings = warnings;
  }

  /**
   * Serves the client until it ends the connection, or does what cannot be answered.
   *
   * @param greeting what its first frame must be, if anything
   */
  void serve(Optional<byte[]> greeting) throws IOException, InterruptedException {
    if (greeting.isPresent() && !greeted(greeting.get())) {
      refuse(
          "the first frame is not the agent's token; expected \"Bearer \" with the token that the agent was started with");
      return;
    }
    for (long length = frames.length(); length != FrameReader.END; length = frames.length()) {
      if (length > Limits.CAPTURE_BYTES) {
        refuse(
            "a frame claims %d bytes; expected at most %d, those of a capture"
                .formatted(length, Limits.CAPTURE_BYTES));
        return;
      }
      if (length == 0) {
        tell();
      } else {
        frames.read((int) length, this::take);
      }
    }
  }

  private boolean greeted(byte[] greeting) throws IOException, InterruptedException {
    long length = frames.length();
    if (length < 1 || length > GREETING_BYTES) {
      return false;
    }
    AtomicBoolean same = new AtomicBoolean();
    frames.read((int) length, frame -> same.set(MessageDigest.isEqual(greeting, copy(frame))));
    return same.get();
  }

  private static byte[] copy(ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }

  private void take(ByteBuffer frame) {
    Tally.Receipt receipt = tally.receive();
    counts.receive();
    try {
      offer(CaptureCodec.decode(frame), receipt);
    } catch (CaptureException e) {
      refuse(receipt, e.getMessage());
    } catch (RuntimeException e) {
      log.error("a capture of a stream connection failed", e);
      counts.refuse();
      receipt.refuse("the agent failed to handle the capture; its log says why");
    }
  }

  private void offer(Capture capture, Tally.Receipt receipt) {
    try {
      intake.acceptWaiting(capture, receipt::settle);
      counts.take();
    } catch (InterruptedException e) {
      // The server closes; what is not settled comes again on another connection.
      Thread.currentThread().interrupt();
    }
  }

  private void refuse(Tally.Receipt receipt, String sentence) {
    counts.refuse();
    receipt.refuse(sentence);
    if (warnings.pass()) {
      log.warn("a capture of a stream connection is refused: {}", sentence);
    }
  }

  /** Says why the connection ends, and waits until the client may have read it. */
  private void refuse(String sentence) throws IOException {
    turnAway(sentence);
    channel.shutdownOutput();
    frames.discard(Limits.CAPTURE_BYTES);
  }

  /** Says why the connection ends. */
  void turnAway(String sentence) throws IOException {
    if (warnings.pass()) {
      log.warn("a stream connection is refused: {}", sentence);
    }
    tally.refuse(sentence);
    tell();
  }

  private void tell() throws IOException {
    byte[] json = tally.json();
    ByteBuffer answer = ByteBuffer.allocate(4 + json.length).order(ByteOrder.LITTLE_ENDIAN);
    answer.putInt(json.length).put(json).flip();
    while (answer.hasRemaining()) {
      channel.write(answer);
    }
  }

  /** Ends the connection if the client has stopped within a frame. */
  void closeIfStalled() {
    if (frames.stalled()) {
      close();
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("a stream connection did not close", e);
    }
  }
}
