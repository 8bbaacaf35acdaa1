package io.collapsewatch.launcher;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.collapsewatch.launcher.doctor.Diagnosis;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what is reachable, which versions there are and which port is taken by what. */
@Command(
    name = "doctor",
    description =
        "Says what is reachable, which versions there are and which port is taken by what.%n"
            + "Exit code 0 if CollapseWatch runs or could start, else 1.")
final class DoctorCommand implements Callable<Integer> {

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--port",
      defaultValue = "7070",
      description = "Port of the dashboard (${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--agent-port",
      defaultValue = "7071",
      description = "Port of the agent (${DEFAULT-VALUE}).")
  private int agentPort;

  @Option(
      names = "--stream-port",
      defaultValue = "7072",
      description = "Port of the agent for streams of captures (${DEFAULT-VALUE}).")
  private int streamPort;

  @Option(
      names = "--broker-port",
      defaultValue = "7092",
      description = "Port of the embedded broker (${DEFAULT-VALUE}).")
  private int brokerPort;

  @Option(names = "--json", description = "The findings as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Diagnosis diagnosis =
        Diagnosis.of(
            Main.Version.text(), kafka.properties(), port, agentPort, streamPort, brokerPort);
    boolean well = diagnosis.running() || diagnosis.startable();
    if (json) {
      ObjectNode tree = ResultJson.MAPPER.valueToTree(diagnosis);
      out.println(tree.put("ok", well).put("running", diagnosis.running()));
    } else {
      diagnosis.sentences().forEach(out::println);
    }
    return well ? Main.DONE : Main.NO;
  }
}
