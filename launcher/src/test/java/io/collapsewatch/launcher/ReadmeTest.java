package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.collapsewatch.launcher.pipeline.LocalPipeline;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the README tells people to do. */
class ReadmeTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern COMMAND = Pattern.compile("\\./collapsewatch ([a-z][^`\\n]*)");

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  /** The fenced block of {@code language} that contains {@code text}. */
  private static String block(String language, String text) throws IOException {
    Pattern fence = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL);
    return fence
        .matcher(readme())
        .results()
        .map(result -> result.group(1))
        .filter(block -> block.contains(text))
        .findFirst()
        .orElseThrow();
  }

  static List<String> commands() throws IOException {
    return COMMAND
        .matcher(readme())
        .results()
        .map((MatchResult r) -> r.group(1))
        .distinct()
        .toList();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandIsOneThatTheProgramTakes(String command) {
    String[] arguments = command.replace("PATH", ".").replace("FILE", ".").split(" ");

    CommandLine.ParseResult parsed = Main.commands().parseArgs(arguments);
    assertThat(parsed.hasSubcommand()).isTrue();
  }

  @Test
  void theTestCommandIsWhatContinuousIntegrationRuns() throws IOException {
    String command = block("sh", "./mvnw").strip();

    assertThat(Files.readString(ROOT.resolve(".ci/run"))).endsWith("\n" + command + "\n");
  }

  @Test
  void theRecorderExampleCompiles() throws IOException {
    String body = block("java", "Recorder");
    String source =
        """
        import io.collapsewatch.agent.*;
        import io.collapsewatch.agent.capture.*;
        import io.collapsewatch.protocol.*;
        class Example {
          void train(float[][] features, int[] labels, float[][] logits, float[][] weight, float[] bias) {
        %s
          }
        }
        """
            .formatted(body);

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", "target");
    boolean compiled =
        compiler.getTask(null, null, null, options, null, List.of(new Source(source))).call();
    assertThat(compiled).isTrue();
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  @Test
  void theBlobMadeByHandIsTakenAndReported(@TempDir Path folder) throws Exception {
    assumeTrue(onPath("python3") && onPath("curl"), "needs python3 and curl on the PATH");
    try (LocalPipeline pipeline = LocalPipeline.createTemporary(LocalPipeline.Ports.FREE)) {
      pipeline.start();
      await().atMost(Duration.ofSeconds(60)).until(pipeline::ready);
      String script =
          block("sh", "curl").replace(":7071/", ":%d/".formatted(pipeline.agent().port()));
      Process shell =
          new ProcessBuilder("sh", "-e", "-c", script)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(shell.waitFor()).as(said).isZero();

      try (MainProcess tail =
          MainProcess.start("tail", "--bootstrap-servers", pipeline.bootstrapServers())) {
        await().atMost(Duration.ofSeconds(20)).until(() -> tail.lines().size() == 2);
        assertThat(tail.lines().get(1)).contains("by-hand").contains(" 60 ");
      }
    }
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  @Test
  void theSavedPassIsMeasured() throws IOException {
    String path = block("sh", "measure").strip().substring("./collapsewatch measure ".length());

    CommandRun measured = CommandRun.of("measure", ROOT.resolve(path).toString());
    assertThat(measured.exitCode()).isZero();
    assertThat(measured.out()).contains("0.006175");
  }

  /** Margin ln((1−3s₀)/s₀) with s₀ = .005√50. */
  @Test
  void theSimulatedModelEndsAtItsClosedForm() throws IOException {
    String command = block("sh", "simulate").strip().substring("./collapsewatch ".length());

    CommandRun simulated = CommandRun.of(command.split(" "));
    assertThat(simulated.exitCode()).isZero();
    assertThat(simulated.out()).contains("ce-ufm,true,3.23018");
  }
}
