package io.collapsewatch.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the agent listens and publishes.
 *
 * @param bootstrapServers as in Kafka's {@code bootstrap.servers}
 * @param host address to bind to; anything but loopback needs a token
 * @param port port of the capture server, 0 for any that is free
 * @param streamPort port of the stream server, always on loopback, 0 for any that is free
 * @param streamSocket where the stream server also has a Unix domain socket, if anywhere
 * @param token what a request must bring as {@code Authorization: Bearer}, and a TCP stream as its
 *     first frame
 * @param watchFolders where files that appear are taken
 * @param bufferBytes bytes of captures that wait for Kafka at most, ≥ 1
 * @param producerOverrides settings of the Kafka client, for credentials and the like
 */
public record AgentConfig(
    String bootstrapServers,
    String host,
    int port,
    int streamPort,
    Optional<Path> streamSocket,
    Optional<String> token,
    List<Path> watchFolders,
    long bufferBytes,
    Map<String, Object> producerOverrides) {

  /** The port unless another is named. */
  public static final int DEFAULT_PORT = 7071;

  /** The port of the stream server unless another is named. */
  public static final int DEFAULT_STREAM_PORT = 7072;

  private static final long DEFAULT_BUFFER_BYTES = 64L << 20;

  /**
   * @throws IllegalArgumentException if a value is outside its range
   */
  public AgentConfig {
    requirePort("the agent's port", port);
    requirePort("the agent's stream port", streamPort);
    if (token.isPresent() && token.get().isBlank()) {
      throw new IllegalArgumentException("the agent's token is empty; expected a secret text");
    }
    if (bufferBytes < 1) {
      throw new IllegalArgumentException(
          "the agent's buffer is %d bytes; expected at least 1".formatted(bufferBytes));
    }
    watchFolders = List.copyOf(watchFolders);
    producerOverrides = Map.copyOf(producerOverrides);
  }

  private static void requirePort(String what, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("%s is %d; expected 0..65535".formatted(what, port));
    }
  }

  /** An agent for this machine only, on the default ports. */
  public static AgentConfig of(String bootstrapServers) {
    return new AgentConfig(
        bootstrapServers,
        "127.0.0.1",
        DEFAULT_PORT,
        DEFAULT_STREAM_PORT,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        DEFAULT_BUFFER_BYTES,
        Map.of());
  }

  public AgentConfig withPort(int newPort) {
    return changed(copy -> copy.port = newPort);
  }

  public AgentConfig withStreamPort(int newStreamPort) {
    return changed(copy -> copy.streamPort = newStreamPort);
  }

  public AgentConfig withStreamSocket(Path newStreamSocket) {
    return changed(copy -> copy.streamSocket = Optional.of(newStreamSocket));
  }

  public AgentConfig withBind(String newHost, Optional<String> newToken) {
    return changed(
        copy -> {
          copy.host = newHost;
          copy.token = newToken;
        });
  }

  public AgentConfig withWatchFolders(List<Path> newWatchFolders) {
    return changed(copy -> copy.watchFolders = newWatchFolders);
  }

  public AgentConfig withBufferBytes(long newBufferBytes) {
    return changed(copy -> copy.bufferBytes = newBufferBytes);
  }

  public AgentConfig withProducerOverrides(Map<String, Object> newOverrides) {
    return changed(copy -> copy.producerOverrides = newOverrides);
  }

  private AgentConfig changed(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.config(bootstrapServers);
  }

  /** Everything but Kafka's address, while some of it is changed. */
  private static final class Copy {
    private String host;
    private int port;
    private int streamPort;
    private Optional<Path> streamSocket;
    private Optional<String> token;
    private List<Path> watchFolders;
    private long bufferBytes;
    private Map<String, Object> producerOverrides;

    private Copy(AgentConfig of) {
      host = of.host;
      port = of.port;
      streamPort = of.streamPort;
      streamSocket = of.streamSocket;
      token = of.token;
      watchFolders = of.watchFolders;
      bufferBytes = of.bufferBytes;
      producerOverrides = of.producerOverrides;
    }

    private AgentConfig config(String servers) {
      return new AgentConfig(
          servers,
          host,
          port,
          streamPort,
          streamSocket,
          token,
          watchFolders,
          bufferBytes,
          producerOverrides);
    }
  }

  /** Without the token and the values of the overrides, which may hold passwords. */
  @Override
  public String toString() {
    return "AgentConfig[bootstrapServers=%s, host=%s, port=%d, streamPort=%d, streamSocket=%s, token=%s, watchFolders=%s, bufferBytes=%d, producerOverrides=%s]"
        .formatted(
            bootstrapServers,
            host,
            port,
            streamPort,
            streamSocket.map(Path::toString).orElse("none"),
            token.isPresent() ? "set" : "none",
            watchFolders,
            bufferBytes,
            producerOverrides.keySet());
  }
}
