package io.collapsewatch.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.collapsewatch.agent.publish.KafkaSink;
import io.collapsewatch.agent.recording.Replay;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends recordings to Kafka. */
@Command(
    name = "replay",
    description =
        "Sends captures that were recorded to files, sampled as they would have been then.%nWhat"
            + " Kafka has already changes nothing. Exit code 1 if some captures were refused or lost.")
final class ReplayCommand implements Callable<Integer> {

  private static final long BUFFER_BYTES = 64L << 20;

  @Mixin private KafkaOptions kafka;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Recordings; those of several ranks are sent in the order of their times.")
  private List<Path> files;

  @Option(
      names = "--speed",
      paramLabel = "N",
      description = "N times as fast as recorded; without it as fast as Kafka takes it.")
  private Double speed;

  @Option(names = "--json", description = "What was sent as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException, JsonProcessingException {
    requireSpeed();
    try (KafkaSink sink =
        KafkaSink.start(kafka.bootstrapServers(), BUFFER_BYTES, kafka.properties())) {
      OptionalDouble pace = speed == null ? OptionalDouble.empty() : OptionalDouble.of(speed);
      Replay.Result result = new Replay(files, pace, sink).run();
      print(result);
      return result.refused() + result.lost() == 0 ? Main.DONE : Main.NO;
    }
  }

  private void requireSpeed() {
    if (speed != null && !(speed > 0 && Double.isFinite(speed))) {
      throw new ParameterException(
          spec.commandLine(), "--speed is %s; expected a number above 0".formatted(speed));
    }
  }

  private void print(Replay.Result result) throws JsonProcessingException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(ResultJson.MAPPER.writeValueAsString(result));
      return;
    }
    out.printf(
        "%d captures are in Kafka or left out by the sampling; of the rows of live batches %d were"
            + " sent and %d left out%n",
        result.captures() - result.refused() - result.lost(),
        result.sampledRows(),
        result.leftOutRows());
    result
        .truncated()
        .forEach(file -> out.printf("%s ends within a capture, which is left out%n", file));
    result
        .refusal()
        .ifPresent(why -> out.printf("%d captures were refused: %s%n", result.refused(), why));
    if (result.lost() > 0) {
      out.printf("%d captures are lost: Kafka did not take them%n", result.lost());
    }
  }
}
