package io.collapsewatch.agent.capture;

import io.collapsewatch.protocol.Printable;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who may talk to the capture server. Without a token only this machine can, and of the programs on
 * it no web page: a page of any site may send requests to loopback, but its browser adds an Origin,
 * and a page that had its name resolve to loopback (DNS rebinding) sends that name as Host.
 */
final class AccessGuard {

  private static final String BEARER = "Bearer ";
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Optional<byte[]> token;

  AccessGuard(Optional<String> token) {
    this.token = token.map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @throws IllegalArgumentException if {@code host} is not known, or others could reach it without
   *     a token
   */
  static void requireSafe(String host, Optional<String> token) {
    requireKnown(host);
    if (token.isEmpty() && !loopback(host)) {
      throw new IllegalArgumentException(
          "--bind %s lets other machines in, which needs a token; name a file with one by --token-file, or bind to 127.0.0.1"
              .formatted(Printable.quote(host)));
    }
  }

  private static void requireKnown(String host) {
    try {
      InetAddress unused = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "--bind %s is no address or name that is known here; expected one of this machine"
              .formatted(Printable.quote(host)),
          e);
    }
  }

  private static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Refuses web pages; for every path. */
  void requireNoBrowser(Context ctx) {
    if (ctx.header("Origin") != null) {
      throw new Refusal(
          HttpStatus.FORBIDDEN, "forbidden", "a web page may not send requests to the agent");
    }
    String host = ctx.header("Host");
    if (token.isEmpty() && !LOOPBACK_NAMES.contains(hostName(host))) {
      throw new Refusal(
          HttpStatus.FORBIDDEN,
          "forbidden",
          "Host is %s; expected localhost, 127.0.0.1 or [::1], as the agent has no token"
              .formatted(host == null ? "missing" : Printable.quote(host)));
    }
  }

  private static String hostName(String header) {
    return header == null ? "" : header.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
  }

  /** Refuses who does not know the token, if there is one. */
  void requireToken(Context ctx) {
    if (token.isPresent() && !matches(ctx.header("Authorization"))) {
      ctx.header("WWW-Authenticate", "Bearer");
      throw new Refusal(
          HttpStatus.UNAUTHORIZED,
          "unauthorized",
          "the token is missing or another; expected \"Authorization: Bearer\" with the agent's token");
    }
  }

  private boolean matches(String authorization) {
    return authorization != null
        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && MessageDigest.isEqual(
            authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8),
            token.orElseThrow());
  }
}
