package io.collapsewatch.analyzer.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where alerts are posted. Path, query and user often are secrets, so that {@link #toString}, and
 * every sentence about a target, has scheme, host and port alone.
 */
public final class WebhookTarget {

  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final String EXPECTED = "expected http://HOST/… or https://HOST/…";

  private final URI address;
  private final Optional<String> authorization;

  private WebhookTarget(URI address, Optional<String> authorization) {
    this.address = address;
    this.authorization = authorization;
  }

  /**
   * The target at an address such as {@code https://hooks.example.org/T0/B1}. A user and a password
   * before the host are sent as basic authentication.
   *
   * @throws IllegalArgumentException if it is none, in a sentence without the address: it may hold
   *     a secret
   */
  public static WebhookTarget parse(String text) {
    URI read = read(text.strip());
    String scheme = String.valueOf(read.getScheme()).toLowerCase(Locale.ROOT);
    require(SCHEMES.contains(scheme), "it is neither http nor https");
    require(read.getHost() != null, "it has no host, or one that no URL can have");
    require(read.getPort() != 0 && read.getPort() <= 65_535, "its port is outside 1..65535");
    return new WebhookTarget(
        URI.create(scheme + "://" + authority(read) + after(read)),
        Optional.ofNullable(read.getUserInfo()).map(WebhookTarget::basic));
  }

  private static URI read(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      // The cause would show the address.
      throw refused("its character %d cannot stand there".formatted(e.getIndex() + 1));
    }
  }

  private static void require(boolean met, String otherwise) {
    if (!met) {
      throw refused(otherwise);
    }
  }

  private static IllegalArgumentException refused(String why) {
    return new IllegalArgumentException(
        "the address of a webhook cannot be used: %s; %s (it is not shown, as it may hold a secret)"
            .formatted(why, EXPECTED));
  }

  private static String authority(URI read) {
    return read.getPort() < 0 ? read.getHost() : read.getHost() + ":" + read.getPort();
  }

  private static String after(URI read) {
    String query = read.getRawQuery() == null ? "" : "?" + read.getRawQuery();
    return (read.getRawPath().isEmpty() ? "/" : read.getRawPath()) + query;
  }

  private static String basic(String user) {
    return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8));
  }

  /** Where to post, without a user; never to be shown. */
  URI address() {
    return address;
  }

  /** The value of the header {@code Authorization}, where the address had a user. */
  Optional<String> authorization() {
    return authorization;
  }

  /** Its host as a resolver takes it: an IPv6 address without brackets. */
  String host() {
    String host = address.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** {@code scheme://host:port}. */
  @Override
  public String toString() {
    int standard = address.getScheme().equals("http") ? 80 : 443;
    int port = address.getPort() < 0 ? standard : address.getPort();
    return "%s://%s:%d".formatted(address.getScheme(), address.getHost(), port);
  }
}
