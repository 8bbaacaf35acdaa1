package io.collapsewatch.dashboard.api;

import io.collapsewatch.protocol.Printable;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may talk to the dashboard: its own page, and programs. A page of another site sends an Origin
 * of its own, and one that had its name resolve to this machine (DNS rebinding) sends that name as
 * Host; an address as Host is safe from that, as no site can make its own page of it.
 */
final class AccessGuard {

  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]");
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";
  private static final int QUERY_CHARACTERS = 4096;

  /** No script, style or frame but our own files, whatever gets into a page. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  private final Door door;
  private final Optional<byte[]> token;

  AccessGuard(Door door) {
    this.door = door;
    this.token = door.token().map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** For every request; the headers are set first, so that refusals carry them too. */
  void check(Context ctx) {
    HEADERS.forEach(ctx::header);
    requireKnownHost(ctx);
    requireOwnOrigin(ctx);
    requireShortQuery(ctx);
    boolean ofEverybody = ctx.path().startsWith("/health/");
    if (ctx.method().equals(HandlerType.DELETE) || !(door.isLoopback() || ofEverybody)) {
      requireToken(ctx);
    }
  }

  private void requireKnownHost(Context ctx) {
    String host = ctx.header("Host");
    String name = hostName(host);
    boolean known =
        LOOPBACK_NAMES.contains(name)
            || door.names().contains(name)
            || (!door.isLoopback() && ADDRESS.matcher(name).matches());
    if (!known) {
      throw forbidden(
          "Host is %s; expected localhost, 127.0.0.1 or [::1], or a name given by --allow-host"
              .formatted(host == null ? "missing" : Printable.quote(host)));
    }
  }

  private static String hostName(String header) {
    return header == null ? "" : header.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
  }

  /** A proxy may have taken off TLS, so the scheme may be either. */
  private static void requireOwnOrigin(Context ctx) {
    String origin = ctx.header("Origin");
    String host = ctx.header("Host");
    if (origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host)) {
      throw forbidden(
          "Origin is %s and Host %s; only the dashboard's own page may send requests from a browser"
              .formatted(Printable.quote(origin), Printable.quote(host)));
    }
  }

  private static void requireShortQuery(Context ctx) {
    String query = ctx.queryString();
    if (query != null && query.length() > QUERY_CHARACTERS) {
      throw Refusal.badRequest(
          "the query has %d characters; expected at most %d"
              .formatted(query.length(), QUERY_CHARACTERS));
    }
  }

  private void requireToken(Context ctx) {
    if (token.isPresent() && !matches(ctx.header("Authorization"))) {
      ctx.header("WWW-Authenticate", "Basic realm=\"CollapseWatch\", charset=\"UTF-8\"");
      throw new Refusal(
          HttpStatus.UNAUTHORIZED,
          "unauthorized",
          "the token is missing or another; expected \"Authorization: Bearer\" with the dashboard's token, or any name with the token as password");
    }
  }

  private boolean matches(String authorization) {
    if (authorization == null) {
      return false;
    }
    if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return equalsToken(authorization.substring(BEARER.length()));
    }
    return authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())
        && password(authorization.substring(BASIC.length())).filter(this::equalsToken).isPresent();
  }

  private boolean equalsToken(String secret) {
    return MessageDigest.isEqual(secret.getBytes(StandardCharsets.UTF_8), token.orElseThrow());
  }

  private static Optional<String> password(String credentials) {
    try {
      String both = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
      int colon = both.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(both.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Refusal forbidden(String sentence) {
    return new Refusal(HttpStatus.FORBIDDEN, "forbidden", sentence);
  }
}
