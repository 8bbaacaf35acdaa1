package io.collapsewatch.launcher;

import io.collapsewatch.dashboard.Dashboard;
import io.collapsewatch.dashboard.DashboardConfig;
import io.collapsewatch.dashboard.api.Door;
import io.collapsewatch.launcher.pipeline.AtExit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a dashboard alone, for a Kafka elsewhere. */
@Command(
    name = "dashboard",
    description =
        "Keeps and shows the reports of a Kafka elsewhere: page, API, Prometheus metrics.")
final class DashboardCommand implements Callable<Integer> {

  @Mixin private KafkaOptions kafka;
  @Mixin private BindOptions bind;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "7070",
      description = "Where it listens (${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".collapsewatch/dashboard",
      description = "Where its history is kept (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--keep-days",
      paramLabel = "N",
      description = "Days that reports are kept (default: for ever).")
  private Integer keepDays;

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      description = "A name by which it may be called beside localhost; may be repeated.")
  private Set<String> names = Set.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Dashboard dashboard = create();
    try (AtExit atExit = AtExit.run(dashboard::close)) {
      dashboard.start();
      spec.commandLine()
          .getOut()
          .println("dashboard at " + Addresses.dashboard(bind.host(), dashboard.port()));
      atExit.await();
    }
    return Main.DONE;
  }

  private Dashboard create() {
    try {
      return Dashboard.create(
          DashboardConfig.of(kafka.bootstrapServers(), data.resolve("history.db"))
              .withDoor(new Door(bind.host(), port, bind.token(), names))
              .withKeep(Optional.ofNullable(keepDays).map(Duration::ofDays))
              .withConsumerOverrides(kafka.properties()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
