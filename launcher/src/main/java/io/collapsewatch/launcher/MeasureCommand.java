package io.collapsewatch.launcher;

import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.analyzer.saved.MeasurablePass;
import io.collapsewatch.analyzer.saved.Measurement;
import io.collapsewatch.launcher.report.MetricTable;
import io.collapsewatch.protocol.saved.SavedPass;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The metrics of a saved pass. */
@Command(
    name = "measure",
    description = "Measures a saved pass of features, labels and classifier.")
final class MeasureCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "PATH",
      description =
          "A folder with features.npy, labels.npy, weights.npy and perhaps bias.npy, an .npz, or a"
              + " .safetensors file with the same names.")
  private Path path;

  @Option(names = "--json", description = "All metrics as JSON, null where one is undefined.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    CollapseResult result = new MeasurablePass(SavedPass.read(path)).measure();
    if (json) {
      out.println(new Measurement(result).json());
    } else {
      MetricTable.lines(result).forEach(out::println);
    }
    return Main.DONE;
  }
}
