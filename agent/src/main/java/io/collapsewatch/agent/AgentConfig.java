package io.collapsewatch.agent;

import java.util.Map;
import java.util.Optional;

/**
 * Where the agent listens and publishes.
 *
 * @param bootstrapServers as in Kafka's {@code bootstrap.servers}
 * @param host address to bind to; anything but loopback needs a token
 * @param port port of the capture server, 0 for any that is free
 * @param token what a request must bring as {@code Authorization: Bearer}
 * @param bufferBytes bytes of captures that wait for Kafka at most, ≥ 1
 * @param producerOverrides settings of the Kafka client, for credentials and the like
 */
public record AgentConfig(
    String bootstrapServers,
    String host,
    int port,
    Optional<String> token,
    long bufferBytes,
    Map<String, Object> producerOverrides) {

  /** The port unless another is named. */
  public static final int DEFAULT_PORT = 7071;

  private static final long DEFAULT_BUFFER_BYTES = 64L << 20;

  /**
   * @throws IllegalArgumentException if a value is outside its range
   */
  public AgentConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "the agent's port is %d; expected 0..65535".formatted(port));
    }
    if (token.isPresent() && token.get().isBlank()) {
      throw new IllegalArgumentException("the agent's token is empty; expected a secret text");
    }
    if (bufferBytes < 1) {
      throw new IllegalArgumentException(
          "the agent's buffer is %d bytes; expected at least 1".formatted(bufferBytes));
    }
    producerOverrides = Map.copyOf(producerOverrides);
  }

  /** An agent for this machine only, on the default port. */
  public static AgentConfig of(String bootstrapServers) {
    return new AgentConfig(
        bootstrapServers,
        "127.0.0.1",
        DEFAULT_PORT,
        Optional.empty(),
        DEFAULT_BUFFER_BYTES,
        Map.of());
  }

  public AgentConfig withPort(int newPort) {
    return new AgentConfig(bootstrapServers, host, newPort, token, bufferBytes, producerOverrides);
  }

  public AgentConfig withBind(String newHost, Optional<String> newToken) {
    return new AgentConfig(
        bootstrapServers, newHost, port, newToken, bufferBytes, producerOverrides);
  }

  public AgentConfig withBufferBytes(long newBufferBytes) {
    return new AgentConfig(bootstrapServers, host, port, token, newBufferBytes, producerOverrides);
  }

  public AgentConfig withProducerOverrides(Map<String, Object> newOverrides) {
    return new AgentConfig(bootstrapServers, host, port, token, bufferBytes, newOverrides);
  }

  /** Without the token and the values of the overrides, which may hold passwords. */
  @Override
  public String toString() {
    return "AgentConfig[bootstrapServers=%s, host=%s, port=%d, token=%s, bufferBytes=%d, producerOverrides=%s]"
        .formatted(
            bootstrapServers,
            host,
            port,
            token.isPresent() ? "set" : "none",
            bufferBytes,
            producerOverrides.keySet());
  }
}
