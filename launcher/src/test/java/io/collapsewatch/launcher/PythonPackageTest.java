package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tests of the Python package in {@code agent/python}, by pytest. They start this program as
 * processes, on the class path of this test. With {@code CI=true} they must run, those of PyTorch
 * included; elsewhere they are skipped where there is no Python for them.
 */
class PythonPackageTest {

  private static final Path PACKAGE = Path.of("..", "agent", "python").toAbsolutePath().normalize();
  private static final long MINUTES = 15;

  @Test
  void itsTestsPass(@TempDir Path folder) throws Exception {
    String python = python();
    Path output = folder.resolve("pytest.txt");
    Process pytest = start(python, folder, output);
    boolean ended = pytest.waitFor(MINUTES, TimeUnit.MINUTES);
    pytest.descendants().forEach(ProcessHandle::destroyForcibly);
    pytest.destroyForcibly();

    String said = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended).as("ended within %d minutes:%n%s", MINUTES, said).isTrue();
    assertThat(pytest.exitValue()).as(said).isZero();
    System.out.printf("%s -m pytest: %s%n", python, said.lines().reduce((a, b) -> b).orElse(""));
  }

  @Test
  void aPythonThatIsNotThereIsSaidWithWhatWasTried() throws Exception {
    PythonInterpreter interpreter = new PythonInterpreter();

    assertThat(interpreter.with("json", "no_such_module")).isEmpty();
    assertThat(interpreter.tried())
        .containsPattern("^python3 (does not run|lacks no_such_module)(; .*)?$")
        .contains("; /usr/bin/python3 ");
  }

  private static String python() throws IOException, InterruptedException {
    PythonInterpreter interpreter = new PythonInterpreter();
    Optional<String> python = interpreter.with("numpy", "pytest", "torch");
    if (python.isEmpty() && !"true".equals(System.getenv("CI"))) {
      python = interpreter.with("numpy", "pytest");
      assumeTrue(
          python.isPresent(),
          () -> "no Python with numpy and pytest is here: " + interpreter.tried());
    }
    assertThat(python)
        .as("with CI=true, a Python with numpy, pytest and torch: %s", interpreter.tried())
        .isPresent();
    return python.orElseThrow();
  }

  private static Process start(String python, Path folder, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                python,
                "-m",
                "pytest",
                "-p",
                "no:cacheprovider",
                "--basetemp=" + folder.resolve("t"))
            .directory(PACKAGE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().put("COLLAPSEWATCH_COMMAND", program());
    return builder.start();
  }

  /** This program as a command of a shell. */
  private static String program() {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return "'%s' -cp '%s' %s"
        .formatted(java, System.getProperty("java.class.path"), Main.class.getName());
  }
}
