package io.collapsewatch.analyzer.webhook;

import io.collapsewatch.protocol.Printable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Looks at the addresses of a target before each post. The connection that follows asks the JVM for
 * the same name and gets the same addresses, as the JVM keeps them for 30 s ({@code
 * networkaddress.cache.ttl}); a name server that answers otherwise a moment later changes nothing.
 * One address that is refused among several refuses all, since any of them may be connected to.
 */
final class TargetAddresses {

  private static final Pattern IN_DIGITS = Pattern.compile("[0-9.]+|.*:.*");

  private final boolean allowPrivate;
  private final Lookup lookup;

  /** How a host gets its addresses. */
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  TargetAddresses(boolean allowPrivate, Lookup lookup) {
    this.allowPrivate = allowPrivate;
    this.lookup = lookup;
  }

  /**
   * Why a target may not be posted to, if it may not.
   *
   * @throws UnknownHostException if it has no address now
   */
  Optional<String> refusal(WebhookTarget target) throws UnknownHostException {
    InetAddress[] addresses = lookup.addresses(target.host());
    return allowPrivate
        ? Optional.empty()
        : Arrays.stream(addresses).flatMap(address -> refusal(address).stream()).findFirst();
  }

  private static Optional<String> refusal(InetAddress address) {
    return SpecialAddresses.kind(address)
        .map(
            kind ->
                "%s is %s, and such are refused unless --webhook-allow-private is given"
                    .formatted(address.getHostAddress(), kind));
  }

  /**
   * Refuses what needs no name server to be known as private.
   *
   * @throws IllegalArgumentException if it is
   */
  static void requirePublicAsWritten(WebhookTarget target) {
    String host = target.host().toLowerCase(Locale.ROOT);
    if (IN_DIGITS.matcher(host).matches() || host.equals("localhost")) {
      asWritten(host)
          .ifPresent(
              refusal -> {
                throw new IllegalArgumentException(
                    "the webhook %s is refused: %s".formatted(target, refusal));
              });
    }
  }

  private static Optional<String> asWritten(String host) {
    try {
      return refusal(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "the host of a webhook is %s; expected a name or an address"
              .formatted(Printable.quote(host)),
          e);
    }
  }
}
