package io.collapsewatch.launcher;

import io.collapsewatch.protocol.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Folders from which the agent takes files. */
final class WatchOptions {

  @Option(
      names = "--watch-folder",
      paramLabel = "DIR",
      description =
          "Take the .safetensors and .npz files that appear in this folder: captures, or passes as"
              + " `measure` reads them. May be repeated.")
  private List<Path> folders = List.of();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * The folders.
   *
   * @throws ParameterException if one is not there
   */
  List<Path> folders() {
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new ParameterException(
            command.commandLine(),
            "--watch-folder %s is no folder; expected one that is there"
                .formatted(Printable.quote(folder.toString())));
      }
    }
    return folders;
  }
}
