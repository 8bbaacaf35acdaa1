package io.collapsewatch.launcher;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which Kafka a command talks to. */
final class KafkaOptions {

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7092",
      description = "Kafka to connect to (default: ${DEFAULT-VALUE}, that of `up`).")
  private String bootstrapServers;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Properties file for every Kafka client, passed on untouched.")
  private Path file;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  String bootstrapServers() {
    return bootstrapServers;
  }

  /**
   * The properties of a client.
   *
   * @throws ParameterException if the file cannot be read
   */
  Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrapServers);
    if (file != null) {
      PropertiesFile.read(command.commandLine(), "--kafka-config", file)
          .forEach((key, value) -> properties.put((String) key, value));
    }
    return properties;
  }
}
