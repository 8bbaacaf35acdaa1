package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.agent.Agent;
import io.collapsewatch.agent.AgentConfig;
import io.collapsewatch.launcher.broker.EmbeddedBroker;
import io.collapsewatch.launcher.broker.TopicSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {

  @TempDir Path folder;

  @Test
  void isContentWhenNothingRunsAndThePortsAreFree() throws Exception {
    CommandRun run = doctor("127.0.0.1:1", freePort(), freePort(), freePort(), freePort());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("Kafka is not reachable at 127.0.0.1:1 (no answer within 3 s)")
        .contains("all is well: nothing is running and `collapsewatch up` can start");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysWhatHasAPort() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandRun run =
          doctor("127.0.0.1:1", other.getLocalPort(), freePort(), freePort(), freePort());

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out())
          .contains(
              "port %d (dashboard) is taken by another program: process %d, \""
                  .formatted(other.getLocalPort(), ProcessHandle.current().pid()))
          .contains(
              "something is wrong: CollapseWatch is not running and not all of its ports are free");
    }
  }

  @Test
  void tellsKafkaTopicsAndAgentOfWhatIsRunning() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
        Agent agent = agent(broker)) {
      agent.start();
      CommandRun early =
          doctor(
              broker.bootstrapServers(),
              freePort(),
              agent.port(),
              agent.streamPort(),
              broker.port());
      assertThat(early.exitCode()).isEqualTo(1);
      assertThat(early.out()).contains("topic collapsewatch.capture.v1 is missing");

      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        TopicSetup.EMBEDDED.ensure(admin);
      }
      await().atMost(30, TimeUnit.SECONDS).until(agent::ready);

      CommandRun run =
          doctor(
              broker.bootstrapServers(),
              freePort(),
              agent.port(),
              agent.streamPort(),
              broker.port(),
              "--json");
      assertThat(run.exitCode()).isZero();
      JsonNode json = new JsonMapper().readTree(run.out());
      assertThat(json.get("running").booleanValue()).isTrue();
      assertThat(json.at("/kafka/topics/collapsewatch.capture.v1").intValue()).isEqualTo(4);
      assertThat(json.at("/kafka/version").textValue()).startsWith("4.3");
      assertThat(json.at("/agent/ready").booleanValue()).isTrue();
      assertThat(json.at("/ports/0/free").booleanValue()).isTrue();
      assertThat(json.at("/ports/1/ours").booleanValue()).isTrue();
      assertThat(json.at("/ports/2/ours").booleanValue()).isTrue();
      assertThat(json.at("/ports/3/ours").booleanValue()).isTrue();
    }
  }

  private static Agent agent(EmbeddedBroker broker) {
    return Agent.create(AgentConfig.of(broker.bootstrapServers()).withPort(0).withStreamPort(0));
  }

  private static CommandRun doctor(
      String servers, int port, int agentPort, int streamPort, int brokerPort, String... more) {
    String[] arguments = {
      "doctor",
      "--bootstrap-servers=" + servers,
      "--port=" + port,
      "--agent-port=" + agentPort,
      "--stream-port=" + streamPort,
      "--broker-port=" + brokerPort
    };
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return CommandRun.of(all);
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}
