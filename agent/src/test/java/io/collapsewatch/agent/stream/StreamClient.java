package io.collapsewatch.agent.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client as the format describes it. */
final class StreamClient implements AutoCloseable {

  private final SocketChannel channel;
  private final DataInputStream in;

  private StreamClient(SocketAddress address) throws IOException {
    channel = SocketChannel.open(address);
    in = new DataInputStream(Channels.newInputStream(channel));
  }

  static StreamClient tcp(int port) throws IOException {
    return new StreamClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  static StreamClient unix(Path path) throws IOException {
    return new StreamClient(UnixDomainSocketAddress.of(path));
  }

  StreamClient send(Capture capture) throws IOException {
    return frame(CaptureCodec.encode(capture));
  }

  StreamClient frame(byte[] bytes) throws IOException {
    return raw(length(bytes.length)).raw(bytes);
  }

  static byte[] length(int bytes) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes).array();
  }

  StreamClient raw(byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      channel.write(out);
    }
    return this;
  }

  /** Asks for the counters. */
  JsonNode counters() throws IOException {
    raw(length(0));
    return answer();
  }

  /** The next answer. */
  JsonNode answer() throws IOException {
    byte[] json = new byte[Integer.reverseBytes(in.readInt())];
    in.readFully(json);
    return new ObjectMapper().readTree(json);
  }

  /** Whether the agent has ended the connection. */
  boolean ended() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
