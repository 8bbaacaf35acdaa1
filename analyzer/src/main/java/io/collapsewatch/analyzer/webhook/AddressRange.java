package io.collapsewatch.analyzer.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Addresses that begin with the same bits.
 *
 * @param first of them
 * @param bits how many bits they share
 */
record AddressRange(InetAddress first, int bits) {

  /** The range that is written as {@code 10.0.0.0/8}. */
  static AddressRange of(String text) {
    int slash = text.indexOf('/');
    try {
      // An address in digits is not looked up.
      return new AddressRange(
          InetAddress.getByName(text.substring(0, slash)),
          Integer.parseInt(text.substring(slash + 1)));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("%s is no range of addresses".formatted(text), e);
    }
  }

  boolean contains(InetAddress address) {
    byte[] read = address.getAddress();
    byte[] prefix = first.getAddress();
    int whole = bits / 8;
    int mask = (0xff00 >> (bits % 8)) & 0xff;
    return read.length == prefix.length
        && Arrays.equals(read, 0, whole, prefix, 0, whole)
        && (mask == 0 || (read[whole] & mask) == (prefix[whole] & mask));
  }
}
