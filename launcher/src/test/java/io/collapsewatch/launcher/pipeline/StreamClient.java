package io.collapsewatch.launcher.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A client of the stream door, as the format describes it. */
final class StreamClient implements AutoCloseable {

  private final Socket socket;
  private final DataInputStream in;

  StreamClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  void send(List<Capture> captures) throws IOException {
    for (Capture capture : captures) {
      frame(CaptureCodec.encode(capture));
    }
  }

  private void frame(byte[] bytes) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(4 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    socket.getOutputStream().write(frame.putInt(bytes.length).put(bytes).array());
  }

  /** How many of the captures of this connection are settled by now. */
  int settled() throws IOException {
    JsonNode counters = counters();
    if (counters.has("refusal")) {
      throw new AssertionError(counters.get("refusal").textValue());
    }
    return counters.get("settled").intValue();
  }

  private JsonNode counters() throws IOException {
    frame(new byte[0]);
    byte[] json = new byte[Integer.reverseBytes(in.readInt())];
    in.readFully(json);
    return new JsonMapper().readTree(json);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
