package io.collapsewatch.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a server listens, and what lets others in. */
final class BindOptions {

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (${DEFAULT-VALUE}); others than loopback need a token.")
  private String host;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File whose first line is what a request must bring.")
  private Path tokenFile;

  String host() {
    return host;
  }

  /**
   * The token, where there is one.
   *
   * @throws IllegalArgumentException if its file cannot be read
   */
  Optional<String> token() {
    if (tokenFile == null) {
      return Optional.empty();
    }
    try {
      return Files.readAllLines(tokenFile).stream().findFirst().map(String::strip);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read --token-file (%s)".formatted(e), e);
    }
  }
}
