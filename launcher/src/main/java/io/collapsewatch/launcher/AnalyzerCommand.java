package io.collapsewatch.launcher;

import io.collapsewatch.analyzer.Analyzer;
import io.collapsewatch.analyzer.AnalyzerConfig;
import io.collapsewatch.analyzer.webhook.WebhookSettings;
import io.collapsewatch.launcher.pipeline.AtExit;
import io.collapsewatch.launcher.pipeline.PatientTopicSetup;
import io.collapsewatch.launcher.pipeline.Readiness;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs an analyzer alone, for a Kafka elsewhere. */
@Command(
    name = "analyzer",
    description = "Turns the captures on a Kafka elsewhere into reports on the same.")
final class AnalyzerCommand implements Callable<Integer> {

  private static final Logger log = LoggerFactory.getLogger(AnalyzerCommand.class);

  @Mixin private KafkaOptions kafka;
  @Mixin private PartitionsOption partitions;
  @Mixin private JudgeOptions judging;
  @Mixin private WebhookOptions webhooks;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".collapsewatch/analyzer",
      description = "Local copy of its state, which may be lost (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Threads that share the partitions (${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--instance-id",
      paramLabel = "NAME",
      description =
          "A name that this instance keeps over restarts, so that it gets its partitions back at"
              + " once.")
  private String instanceId;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, Object> properties = kafka.properties();
    WebhookSettings told = webhooks.settings();
    createTopics(properties);
    Analyzer analyzer =
        Analyzer.create(
            new AnalyzerConfig(
                kafka.bootstrapServers(),
                data,
                Optional.ofNullable(instanceId),
                threads,
                judging.settings(),
                told,
                properties));
    try (AtExit atExit = AtExit.run(analyzer::close)) {
      analyzer.start();
      Readiness.await(analyzer::ready);
      spec.commandLine()
          .getOut()
          .printf("analysing the captures of %s%n", kafka.bootstrapServers());
      atExit.await();
    }
    return Main.DONE;
  }

  private void createTopics(Map<String, Object> properties) throws InterruptedException {
    try {
      PatientTopicSetup.ensure(properties, partitions.topics(), log::warn);
    } catch (ExecutionException e) {
      throw new KafkaException("the topics cannot be created", e.getCause());
    }
  }
}
