package io.collapsewatch.launcher;

import io.collapsewatch.analyzer.alert.JudgeSettings;
import io.collapsewatch.analyzer.stream.AnalysisSettings;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** By what runs are judged; {@code docs/ALERTS.md} says what each setting does. */
final class JudgeOptions {

  @Option(
      names = "--floor",
      paramLabel = "NC1",
      defaultValue = "0.05",
      description =
          "NC1 of a snapshot that counts as collapsed; of a live window twice that"
              + " (${DEFAULT-VALUE}).")
  private double floor;

  @Option(
      names = "--patience",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "Independent reports after which a run may be stalled that never classified everything"
              + " correctly (${DEFAULT-VALUE}).")
  private int patience;

  @Option(
      names = "--silent-after",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description =
          "Silence after which a run that promises no interval counts as silent"
              + " (${DEFAULT-VALUE}).")
  private long silentAfter;

  @Spec(Target.MIXEE)
  private CommandSpec command;

  /**
   * What is asked of the analysis.
   *
   * @throws ParameterException if a value is outside its range
   */
  AnalysisSettings settings() {
    try {
      JudgeSettings judge =
          JudgeSettings.DEFAULT.withFloors(floor, 2 * floor).withPatience(patience);
      return AnalysisSettings.DEFAULT
          .withJudge(judge)
          .withSilentAfter(Duration.ofSeconds(silentAfter));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }
}
