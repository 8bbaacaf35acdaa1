package io.collapsewatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An agent whose broker is away; nothing listens on port 1 of this machine. */
class AgentTest {

  private static final AgentConfig CONFIG =
      AgentConfig.of("127.0.0.1:1").withPort(0).withStreamPort(0);

  @Test
  void withoutKafkaItListensButIsNotReady() throws Exception {
    try (Agent agent = Agent.create(CONFIG, () -> List.of("the analyzer is not running"))) {
      agent.start();
      URI ready = URI.create("http://127.0.0.1:%d/health/ready".formatted(agent.port()));
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(ready).build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body())
          .isEqualTo(
              "{\"ready\":false,\"reasons\":[\"the analyzer is not running\",\"Kafka or its capture topic cannot be reached\"]}");
      assertThat(agent.ready()).isFalse();
    }
  }

  @Test
  void aWiderAddressWithoutATokenIsRefusedAtOnce() {
    AgentConfig open = CONFIG.withBind("0.0.0.0", Optional.empty());
    assertThatThrownBy(() -> Agent.create(open)).isInstanceOf(IllegalArgumentException.class);
  }
}
