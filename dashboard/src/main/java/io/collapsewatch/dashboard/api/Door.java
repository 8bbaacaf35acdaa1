package io.collapsewatch.dashboard.api;

import io.collapsewatch.protocol.Printable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;

/**
 * Where to listen and who may come in.
 *
 * @param host address to bind to; anything but loopback needs a token
 * @param port 0 for any that is free
 * @param token what a request must bring: to hide a run always, for the rest if others than this
 *     machine can reach it
 * @param names by which it may be called, beside the loopback's and, bound wider, any address
 */
public record Door(String host, int port, Optional<String> token, Set<String> names) {

  /**
   * @throws IllegalArgumentException if a value is outside its range or others could come in
   *     without a token
   */
  public Door {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "the dashboard's port is %d; expected 0..65535".formatted(port));
    }
    if (token.isPresent() && token.get().isBlank()) {
      throw new IllegalArgumentException("the dashboard's token is empty; expected a secret text");
    }
    if (token.isEmpty() && !reachesLoopbackOnly(host)) {
      throw new IllegalArgumentException(
          "--bind %s lets other machines in, which needs a token; name a file with one by --token-file, or bind to 127.0.0.1"
              .formatted(Printable.quote(host)));
    }
    names = Set.copyOf(names);
  }

  /** A door for this machine only, without a token. */
  public static Door loopback(int port) {
    return new Door("127.0.0.1", port, Optional.empty(), Set.of());
  }

  /** Whether only this machine can reach it. */
  boolean isLoopback() {
    return reachesLoopbackOnly(host);
  }

  private static boolean reachesLoopbackOnly(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Door[host=%s, port=%d, token=%s, names=%s]"
        .formatted(host, port, token.isPresent() ? "set" : "none", names);
  }
}
