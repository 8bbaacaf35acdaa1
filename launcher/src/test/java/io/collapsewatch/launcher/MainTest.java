package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"measure", "tail", "doctor"})
  void helpsWithEveryCommand(String command) {
    CommandRun run = CommandRun.of(command, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("Usage: collapsewatch " + command).contains("--json");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void saysItsVersion() {
    assertThat(CommandRun.of("--version").out()).startsWith("CollapseWatch ");
  }

  @Test
  void answersAMissingCommandWithOneSentence() {
    CommandRun run = CommandRun.of();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "collapsewatch: no command given; see collapsewatch --help\n");
  }

  @Test
  void answersAnUnknownOptionWithOneSentence() {
    CommandRun run = CommandRun.of("tail", "--tale");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "collapsewatch tail: Unknown option: '--tale'; see collapsewatch tail --help\n");
  }

  @Test
  void answersABootstrapServerThatIsNoAddressWithOneSentence() {
    CommandRun run = CommandRun.of("tail", "--bootstrap-servers", "nowhere");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "collapsewatch tail: Kafka: Invalid url in bootstrap.servers: nowhere\n");
  }

  @Test
  void flagsGoBeforeTheEnvironmentAndThatBeforeTheFile() throws Exception {
    Path file = folder.resolve("settings.properties");
    Files.writeString(file, "bootstrap-servers=from-file");
    String[] withFile = {"tail", "--config", file.toString()};
    Map<String, String> environment = Map.of("COLLAPSEWATCH_BOOTSTRAP_SERVERS", "from-environment");

    assertThat(CommandRun.of(withFile).err()).contains("bootstrap.servers: from-file");
    assertThat(CommandRun.of(environment, withFile).err())
        .contains("bootstrap.servers: from-environment");
    assertThat(CommandRun.of(environment, "tail", "--bootstrap-servers", "from-flag").err())
        .contains("bootstrap.servers: from-flag");
  }

  @Test
  void refusesASettingThatNoCommandKnows() throws Exception {
    Path file = folder.resolve("settings.properties");
    Files.writeString(file, "agent-prot=7000");

    CommandRun run = CommandRun.of("tail", "--config", file.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "collapsewatch: %s sets agent-prot, which is no option of any command; expected one of agent-port, "
                .formatted(file));
  }

  @Test
  void namesAFileOfSettingsThatIsNotThere() {
    Path file = folder.resolve("missing.properties");

    CommandRun run = CommandRun.of("tail", "--config", file.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "collapsewatch: cannot read --config %s (there is no such file); see collapsewatch --help\n"
                .formatted(file));
  }
}
