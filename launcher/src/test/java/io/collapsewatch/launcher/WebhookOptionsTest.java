package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bad one is answered tells that it was read. */
class WebhookOptionsTest {

  private static final String PUBLIC = "https://hooks.example.org/T0,B1?keys=1,2";
  private static final String REFUSED =
      "the webhook http://10.0.0.5:80 is refused: 10.0.0.5 is a private address (10.0.0.0/8), and such are refused unless --webhook-allow-private is given";
  private static final String NO_HOST =
      "the address of a webhook cannot be used: it has no host, or one that no URL can have; expected http://HOST/… or https://HOST/… (it is not shown, as it may hold a secret)";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"analyzer", "up", "demo"})
  void aBadAddressIsRefusedAtTheStart(String command) {
    CommandRun run = CommandRun.of(command, "--webhook", "https://under_score/secret");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "collapsewatch %s: %s; see collapsewatch %s --help\n"
                .formatted(command, NO_HOST, command));
    assertThat(run.out()).isEmpty();
  }

  @Test
  void severalAddressesAreSeveralFlags() {
    assertThat(
            CommandRun.of("analyzer", "--webhook", PUBLIC, "--webhook", "http://10.0.0.5/secret")
                .err())
        .contains(REFUSED)
        .doesNotContain("secret");
  }

  @Test
  void orAListInTheEnvironment() {
    Map<String, String> environment =
        Map.of("COLLAPSEWATCH_WEBHOOK", PUBLIC + ", http://10.0.0.5/secret");

    assertThat(CommandRun.of(environment, "analyzer").err()).contains(REFUSED);
  }

  @Test
  void orAListInTheFile() throws Exception {
    Path file = folder.resolve("settings.properties");
    Files.writeString(file, "webhook=%s,http://10.0.0.5/secret".formatted(PUBLIC));

    assertThat(CommandRun.of("analyzer", "--config", file.toString()).err()).contains(REFUSED);
  }

  @Test
  void privateAddressesAreAllowedByTheEnvironmentToo() {
    Map<String, String> environment =
        Map.of(
            "COLLAPSEWATCH_WEBHOOK",
            "http://10.0.0.5/secret,https://under_score/secret",
            "COLLAPSEWATCH_WEBHOOK_ALLOW_PRIVATE",
            "true");

    assertThat(CommandRun.of(environment, "analyzer").err()).contains(NO_HOST);
  }

  @Test
  void theDashboardIsAPage() {
    assertThat(CommandRun.of("analyzer", "--webhook-dashboard", "dashboard:7070").err())
        .contains(
            "the dashboard's address is \"dashboard:7070\"; expected one such as https://HOST/");
  }

  @Test
  void theHelpShowsNoAddressOfTheEnvironment() {
    Map<String, String> environment = Map.of("COLLAPSEWATCH_WEBHOOK", PUBLIC);

    assertThat(CommandRun.of(environment, "analyzer", "--help").out())
        .contains("--webhook=URL")
        .doesNotContain("T0");
  }
}
