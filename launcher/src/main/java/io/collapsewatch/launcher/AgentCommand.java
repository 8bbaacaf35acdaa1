package io.collapsewatch.launcher;

import io.collapsewatch.agent.Agent;
import io.collapsewatch.agent.AgentConfig;
import io.collapsewatch.launcher.broker.TopicSetup;
import io.collapsewatch.launcher.pipeline.AtExit;
import io.collapsewatch.launcher.pipeline.PatientTopicSetup;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs an agent alone, for a Kafka elsewhere. */
@Command(name = "agent", description = "Takes captures and publishes them to a Kafka elsewhere.")
final class AgentCommand implements Callable<Integer> {

  private static final Logger log = LoggerFactory.getLogger(AgentCommand.class);

  @Mixin private KafkaOptions kafka;
  @Mixin private PartitionsOption partitions;
  @Mixin private BindOptions bind;
  @Mixin private WatchOptions watch;

  @Option(
      names = "--agent-port",
      paramLabel = "PORT",
      defaultValue = "7071",
      description = "Where it listens (${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--stream-port",
      paramLabel = "PORT",
      defaultValue = "7072",
      description = "Where it takes streams of captures, always on loopback (${DEFAULT-VALUE}).")
  private int streamPort;

  @Option(
      names = "--stream-socket",
      paramLabel = "PATH",
      description = "Where it also takes them as a Unix domain socket of its owner only.")
  private Path streamSocket;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, Object> properties = kafka.properties();
    Agent agent = create(properties);
    try (AtExit atExit = AtExit.run(agent::close)) {
      agent.start();
      createTopicsInTheBackground(properties);
      spec.commandLine()
          .getOut()
          .printf(
              "captures at %s and 127.0.0.1:%d%n",
              Addresses.captures(bind.host(), agent.port()), agent.streamPort());
      atExit.await();
    }
    return Main.DONE;
  }

  private Agent create(Map<String, Object> properties) {
    try {
      AgentConfig config =
          AgentConfig.of(kafka.bootstrapServers())
              .withPort(port)
              .withStreamPort(streamPort)
              .withBind(bind.host(), bind.token())
              .withWatchFolders(watch.folders())
              .withProducerOverrides(properties);
      return Agent.create(streamSocket == null ? config : config.withStreamSocket(streamSocket));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** Captures are taken meanwhile, and wait in the agent's buffer. */
  private void createTopicsInTheBackground(Map<String, Object> properties) {
    TopicSetup topics = partitions.topics();
    Thread thread =
        new Thread(
            () -> {
              try {
                // That Kafka is away the agent says itself.
                PatientTopicSetup.ensure(properties, topics, away -> {});
              } catch (ExecutionException | IllegalStateException e) {
                log.error("the topics are not as they should be: {}", e.getMessage());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "collapsewatch-topics");
    thread.setDaemon(true);
    thread.start();
  }
}
