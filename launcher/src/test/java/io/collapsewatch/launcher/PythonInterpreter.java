package io.collapsewatch.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Finds a Python that has what is needed. A version manager may put one first on the path that has
 * nothing, while the distribution's own has it all.
 */
final class PythonInterpreter {

  private static final List<String> CANDIDATES =
      List.of(
          "python3",
          "/usr/bin/python3",
          "python3.13",
          "python3.12",
          "python3.11",
          "python3.10",
          "python3.9");

  /** Prints what is missing, on one line; nothing if all is there. */
  private static final String QUESTION =
      """
      import importlib.util, sys
      missing = [m for m in sys.argv[1:] if importlib.util.find_spec(m) is None]
      print(*(["3.9 or later"] if sys.version_info < (3, 9) else []), *missing, sep=", ")
      """;

  private final List<String> tried = new ArrayList<>();

  /** The first interpreter with all of the modules. */
  Optional<String> with(String... modules) throws IOException, InterruptedException {
    for (String candidate : CANDIDATES) {
      Optional<String> missing = missing(candidate, modules);
      if (missing.isPresent() && missing.get().isEmpty()) {
        return Optional.of(candidate);
      }
      tried.add(
          missing.isPresent()
              ? "%s lacks %s".formatted(candidate, missing.get())
              : "%s does not run".formatted(candidate));
    }
    return Optional.empty();
  }

  /** What has been tried in vain, and why. */
  String tried() {
    return String.join("; ", tried);
  }

  private static Optional<String> missing(String python, String... modules)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python, "-c", QUESTION));
    command.addAll(List.of(modules));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      return Optional.empty(); // there is none of that name
    }
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    boolean answered = process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    return answered ? Optional.of(answer.strip()) : Optional.empty();
  }
}
