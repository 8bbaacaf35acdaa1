package io.collapsewatch.launcher.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Everything that a start of {@code up}, or one that is running, depends on.
 *
 * @param collapsewatch version of this build
 * @param java version and vendor of this JVM
 * @param kafka what Kafka says
 * @param agent what the agent says
 * @param dashboard what the dashboard says
 * @param ports of dashboard, agent and embedded broker
 */
public record Diagnosis(
    String collapsewatch,
    String java,
    KafkaFinding kafka,
    ServiceFinding agent,
    ServiceFinding dashboard,
    List<PortFinding> ports) {

  /**
   * Asks everybody; takes some seconds where nobody answers.
   *
   * @param kafka properties of a Kafka client
   */
  public static Diagnosis of(
      String version,
      Map<String, Object> kafka,
      int port,
      int agentPort,
      int streamPort,
      int brokerPort) {
    PortOwner owner = new PortOwner(Path.of("/proc"));
    KafkaFinding kafkaFinding = KafkaFinding.of(kafka);
    ServiceFinding agent = ServiceFinding.of("agent", agentPort);
    ServiceFinding dashboard = ServiceFinding.of("dashboard", port);
    boolean brokerIsOurs =
        kafkaFinding.complete() && kafkaFinding.bootstrapServers().endsWith(":" + brokerPort);
    return new Diagnosis(
        version,
        "%s (%s)".formatted(System.getProperty("java.version"), System.getProperty("java.vendor")),
        kafkaFinding,
        agent,
        dashboard,
        List.of(
            PortFinding.of("dashboard", port, dashboard.reachable(), owner),
            PortFinding.of("agent", agentPort, agent.reachable(), owner),
            PortFinding.of("agent's streams", streamPort, agent.reachable(), owner),
            PortFinding.of("broker", brokerPort, brokerIsOurs, owner)));
  }

  /** Whether agent and Kafka are at work. */
  public boolean running() {
    return agent.ready() && kafka.complete();
  }

  /** Whether {@code up} would find its ports free. */
  public boolean startable() {
    return ports.stream().allMatch(PortFinding::free);
  }

  /** All findings, a sentence each, and at the end what follows from them. */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    sentences.add("CollapseWatch " + collapsewatch);
    sentences.add("Java " + java);
    sentences.addAll(kafka.sentences());
    sentences.add(agent.sentence());
    sentences.add(dashboard.sentence());
    ports.forEach(port -> sentences.add(port.sentence()));
    sentences.add(verdict());
    return sentences;
  }

  private String verdict() {
    if (running()) {
      return "all is well: CollapseWatch is running";
    }
    return startable()
        ? "all is well: nothing is running and `collapsewatch up` can start"
        : "something is wrong: CollapseWatch is not running and not all of its ports are free";
  }
}
