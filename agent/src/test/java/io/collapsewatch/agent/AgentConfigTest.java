package io.collapsewatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentConfigTest {

  private static final AgentConfig DEFAULTS = AgentConfig.of("k:9092");

  @Test
  void secretsAreNotPrinted() {
    AgentConfig config =
        DEFAULTS
            .withBind("0.0.0.0", Optional.of("s3cret"))
            .withProducerOverrides(Map.of("ssl.key.password", "hunter2"));
    assertThat(config)
        .hasToString(
            "AgentConfig[bootstrapServers=k:9092, host=0.0.0.0, port=7071, streamPort=7072, streamSocket=none, token=set, watchFolders=[], bufferBytes=67108864, producerOverrides=[ssl.key.password]]");
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> DEFAULTS.withPort(65_536))
        .hasMessage("the agent's port is 65536; expected 0..65535");
    assertThatThrownBy(() -> DEFAULTS.withStreamPort(-1))
        .hasMessage("the agent's stream port is -1; expected 0..65535");
    assertThatThrownBy(() -> DEFAULTS.withBufferBytes(0))
        .hasMessage("the agent's buffer is 0 bytes; expected at least 1");
    assertThatThrownBy(() -> DEFAULTS.withBind("127.0.0.1", Optional.of(" ")))
        .hasMessage("the agent's token is empty; expected a secret text");
  }
}
