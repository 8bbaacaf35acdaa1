package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class BrowserTest {

  /** A program that opens a page and goes on. */
  static final class Opens {
    public static void main(String[] arguments) {
      Browser.open(arguments[0]);
      System.out.println("went on");
    }
  }

  // Elsewhere a screen is not named by a variable, and a browser would open.
  @Test
  @EnabledOnOs(OS.LINUX)
  void aScreenThatIsNotThereEndsNothing() throws Exception {
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Opens.class.getName(),
            "http://127.0.0.1:1/");
    java.environment().put("DISPLAY", ":4711");
    Process process = java.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(said).contains("cannot open http://127.0.0.1:1/: ").contains("went on");
  }
}
