package io.collapsewatch.dashboard.history;

import io.collapsewatch.dashboard.series.Bins;
import io.collapsewatch.protocol.MarginHistogram;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * A histogram in two or three bytes a bin: for each, the distance from the one before and the
 * count, both in groups of seven bits, the lowest first.
 */
final class PackedHistogram {

  private static final int BEFORE_FIRST = -MarginHistogram.LAST_BIN - 2;
  private static final int GROUP = 7;
  private static final int MORE = 1 << GROUP;

  private PackedHistogram() {}

  /** The bytes of it; null for none. */
  static byte[] pack(Optional<MarginHistogram> histogram) {
    return histogram.map(PackedHistogram::pack).orElse(null);
  }

  private static byte[] pack(MarginHistogram histogram) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int before = BEFORE_FIRST;
    for (Map.Entry<Integer, Long> bin : histogram.counts().entrySet()) {
      write(bytes, bin.getKey() - before);
      write(bytes, bin.getValue());
      before = bin.getKey();
    }
    return bytes.toByteArray();
  }

  static Bins unpack(byte[] packed) {
    ByteBuffer bytes = ByteBuffer.wrap(packed);
    // Two bytes a bin at least.
    int[] bins = new int[packed.length / 2];
    long[] counts = new long[packed.length / 2];
    int bin = BEFORE_FIRST;
    int n = 0;
    for (; bytes.hasRemaining(); n++) {
      bin += (int) read(bytes);
      bins[n] = bin;
      counts[n] = read(bytes);
    }
    return new Bins(Arrays.copyOf(bins, n), Arrays.copyOf(counts, n));
  }

  private static void write(ByteArrayOutputStream bytes, long number) {
    long rest = number;
    while (rest >= MORE) {
      bytes.write((int) (rest & (MORE - 1)) | MORE);
      rest >>>= GROUP;
    }
    bytes.write((int) rest);
  }

  private static long read(ByteBuffer bytes) {
    long number = 0;
    for (int shift = 0; ; shift += GROUP) {
      byte group = bytes.get();
      number |= (long) (group & (MORE - 1)) << shift;
      if (group >= 0) {
        return number;
      }
    }
  }
}
