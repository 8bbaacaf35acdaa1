package io.collapsewatch.launcher;

import io.collapsewatch.launcher.pipeline.LocalPipeline;
import picocli.CommandLine.Option;

/** Where the parts of a pipeline in one process listen; 0 stands for any port that is free. */
final class PortOptions {

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "7070",
      description = "Of the dashboard (${DEFAULT-VALUE}).")
  private int dashboard;

  @Option(
      names = "--agent-port",
      paramLabel = "PORT",
      defaultValue = "7071",
      description = "Of the agent (${DEFAULT-VALUE}).")
  private int agent;

  @Option(
      names = "--stream-port",
      paramLabel = "PORT",
      defaultValue = "7072",
      description = "Of the agent for streams of captures (${DEFAULT-VALUE}).")
  private int stream;

  @Option(
      names = "--broker-port",
      paramLabel = "PORT",
      defaultValue = "7092",
      description = "Of the embedded Kafka broker (${DEFAULT-VALUE}).")
  private int broker;

  LocalPipeline.Ports ports() {
    return new LocalPipeline.Ports(dashboard, agent, stream, broker);
  }
}
