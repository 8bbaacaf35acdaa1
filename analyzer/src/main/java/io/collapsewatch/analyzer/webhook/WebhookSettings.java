package io.collapsewatch.analyzer.webhook;

import io.collapsewatch.protocol.Printable;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Who is told of alerts.
 *
 * @param targets where they are posted, all of them to each
 * @param allowPrivate whether also to addresses of this machine and of private networks
 * @param dashboard address of the dashboard, for links
 */
public record WebhookSettings(
    List<WebhookTarget> targets, boolean allowPrivate, Optional<URI> dashboard) {

  /** Nobody. */
  public static final WebhookSettings NONE =
      new WebhookSettings(List.of(), false, Optional.empty());

  /**
   * @throws IllegalArgumentException if the dashboard's address is none of a page, or a target's is
   *     private for all to see and such are not allowed; names are looked up at each delivery
   */
  public WebhookSettings {
    targets = List.copyOf(targets);
    dashboard.ifPresent(WebhookSettings::requirePage);
    if (!allowPrivate) {
      targets.forEach(TargetAddresses::requirePublicAsWritten);
    }
  }

  private static void requirePage(URI address) {
    boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
    if (!http || address.getHost() == null || address.getRawQuery() != null) {
      throw new IllegalArgumentException(
          "the dashboard's address is %s; expected one such as https://HOST/"
              .formatted(Printable.quote(address.toString())));
    }
  }
}
