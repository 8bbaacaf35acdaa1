package io.collapsewatch.launcher;

import io.collapsewatch.analyzer.webhook.WebhookSettings;
import io.collapsewatch.analyzer.webhook.WebhookTarget;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Who is told of alerts. */
final class WebhookOptions {

  /** A comma divides where another address begins; one within an address does not. */
  @Option(
      names = "--webhook",
      paramLabel = "URL",
      split = ",\\s*(?=https?://)",
      splitSynopsisLabel = ",",
      description =
          "Post alerts there, as Alertmanager would. May be repeated. Other users of this machine"
              + " can see flags: an address that is a secret is better in COLLAPSEWATCH_WEBHOOK or"
              + " the file of --config.")
  private List<String> addresses = List.of();

  @Option(
      names = "--webhook-allow-private",
      description = "Also to addresses of this machine and of private networks.")
  private boolean allowPrivate;

  @Option(
      names = "--webhook-dashboard",
      paramLabel = "URL",
      description = "Address of the dashboard as its readers know it, for links in alerts.")
  private URI dashboard;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * The settings.
   *
   * @throws ParameterException if an address cannot be used
   */
  WebhookSettings settings() {
    try {
      return new WebhookSettings(
          addresses.stream().map(WebhookTarget::parse).toList(),
          allowPrivate,
          Optional.ofNullable(dashboard));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }
}
