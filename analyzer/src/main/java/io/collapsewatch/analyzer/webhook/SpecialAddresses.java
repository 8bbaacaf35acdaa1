package io.collapsewatch.analyzer.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Addresses that belong to a machine, a link or a private network, or to nobody: what is posted
 * there reaches what is not meant to be reached from outside, such as a cloud's metadata service.
 * Source: IANA's registries of special-purpose addresses (RFC 6890).
 */
final class SpecialAddresses {

  private static final List<Special> ALL =
      List.of(
          special("an unspecified", "0.0.0.0/8"),
          special("a private", "10.0.0.0/8"),
          special("a carrier's", "100.64.0.0/10"),
          special("a loopback", "127.0.0.0/8"),
          special("a link-local", "169.254.0.0/16"),
          special("a private", "172.16.0.0/12"),
          special("a reserved", "192.0.0.0/24"),
          special("a private", "192.168.0.0/16"),
          special("a reserved", "198.18.0.0/15"),
          special("a multicast", "224.0.0.0/4"),
          special("a reserved", "240.0.0.0/4"),
          special("an unspecified", "::/128"),
          special("a loopback", "::1/128"),
          special("a private", "64:ff9b:1::/48"),
          special("a private", "fc00::/7"),
          special("a link-local", "fe80::/10"),
          special("a private", "fec0::/10"),
          special("a multicast", "ff00::/8"));

  /**
   * IPv6 addresses that lead to one of IPv4: compatible (RFC 4291), NAT64 (RFC 6052) and 6to4 (RFC
   * 3056). Mapped ones (::ffff:0:0/96) Java reads as IPv4 by itself.
   */
  private static final List<Embedding> EMBEDDINGS =
      List.of(embedding("::/96", 12), embedding("64:ff9b::/96", 12), embedding("2002::/16", 2));

  /**
   * @param kind of the addresses, with an article
   */
  private record Special(String kind, String text, AddressRange range) {}

  /**
   * @param at byte at which the IPv4 address begins
   */
  private record Embedding(AddressRange range, int at) {

    InetAddress in(InetAddress address) {
      try {
        return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), at, at + 4));
      } catch (UnknownHostException e) {
        throw new IllegalStateException("four bytes are an address", e);
      }
    }
  }

  private SpecialAddresses() {}

  private static Special special(String kind, String range) {
    return new Special(kind, range, AddressRange.of(range));
  }

  private static Embedding embedding(String range, int at) {
    return new Embedding(AddressRange.of(range), at);
  }

  /** What {@code address}, or the IPv4 one in it, is: such as "a private address (10.0.0.0/8)". */
  static Optional<String> kind(InetAddress address) {
    return ALL.stream()
        .filter(special -> special.range().contains(address))
        .map(special -> "%s address (%s)".formatted(special.kind(), special.text()))
        .findFirst()
        .or(() -> embedded(address).flatMap(SpecialAddresses::kind));
  }

  private static Optional<InetAddress> embedded(InetAddress address) {
    return EMBEDDINGS.stream()
        .filter(embedding -> embedding.range().contains(address))
        .map(embedding -> embedding.in(address))
        .findFirst();
  }
}
