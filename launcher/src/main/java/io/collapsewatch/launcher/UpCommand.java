package io.collapsewatch.launcher;

import io.collapsewatch.launcher.pipeline.AtExit;
import io.collapsewatch.launcher.pipeline.LocalPipeline;
import io.collapsewatch.launcher.pipeline.Readiness;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs everything in one process until it is told to end. */
@Command(
    name = "up",
    description = "Starts a Kafka broker, agent, analyzer and dashboard in this process.")
final class UpCommand implements Callable<Integer> {

  @Mixin private PortOptions ports;
  @Mixin private WatchOptions watch;
  @Mixin private WebhookOptions webhooks;
  @Mixin private JudgeOptions judging;

  @Option(names = "--open", description = "Open the dashboard in the browser.")
  private boolean open;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".collapsewatch",
      description = "Where captures, reports and windows are kept (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    LocalPipeline pipeline =
        LocalPipeline.create(data, ports.ports(), watch.folders())
            .withWebhooks(webhooks.settings())
            .withAnalysis(judging.settings());
    try (AtExit atExit = AtExit.run(pipeline::close)) {
      pipeline.start();
      Readiness.await(pipeline::ready);
      out.println(Addresses.of(pipeline));
      if (open) {
        Browser.open(Addresses.dashboard(pipeline));
      }
      out.println("Ctrl-C ends this");
      atExit.await();
    }
    return Main.DONE;
  }
}
