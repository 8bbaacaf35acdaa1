package io.collapsewatch.protocol;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Counts of margins in bins that are the same for everybody, so that histograms of batches, ranks
 * and windows add up. Bin i covers [e(i), e(i+1)) with e(i) = 0.1·sinh(0.02·i): linear around 0,
 * where the bins are 0.002 wide, and 2 % wide far from it. Margins have no bound of their own;
 * those beyond ±e({@value #LAST_BIN}) count in the outermost bins.
 *
 * @param counts samples by bin, positive counts only
 */
public record MarginHistogram(SortedMap<Integer, Long> counts) {

  /** Number of the outermost bin on the positive side, at a margin of about 2.4·10⁷. */
  public static final int LAST_BIN = 1000;

  private static final double LINEAR = 0.1;
  private static final double WIDTH = 0.02;

  /** e(−LAST_BIN) .. e(LAST_BIN): a search in it agrees with {@link #lowerEdge} to the last bit. */
  private static final double[] EDGES = edges();

  /**
   * @throws MalformedCaptureException if a bin is out of range, a count is not positive or all of
   *     them together exceed 2⁶³−1
   */
  public MarginHistogram {
    counts.forEach(
        (bin, count) -> {
          if (bin < -LAST_BIN - 1 || bin > LAST_BIN || count <= 0) {
            throw new MalformedCaptureException(
                "bin %d of a margin histogram holds %d samples; expected bins %d..%d with positive counts"
                    .formatted(bin, count, -LAST_BIN - 1, LAST_BIN));
          }
        });
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    requireCountable(counts);
  }

  /** The histogram of some finite margins. */
  public static MarginHistogram of(double... margins) {
    TreeMap<Integer, Long> counts = new TreeMap<>();
    for (double margin : margins) {
      counts.merge(bin(margin), 1L, Long::sum);
    }
    return new MarginHistogram(counts);
  }

  /** Samples in all bins together. */
  public long samples() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The histogram of both sets of samples together. */
  public MarginHistogram plus(MarginHistogram other) {
    TreeMap<Integer, Long> sum = new TreeMap<>(counts);
    for (Map.Entry<Integer, Long> bin : other.counts.entrySet()) {
      sum.merge(bin.getKey(), bin.getValue(), Long::sum);
    }
    return new MarginHistogram(sum);
  }

  /** The bin that a finite margin falls into. */
  public static int bin(double margin) {
    // Adding 0 makes −0, which the search would put below the edge 0, an ordinary 0.
    int found = Arrays.binarySearch(EDGES, margin + 0.0);
    int edgesUpToMargin = found >= 0 ? found + 1 : -1 - found;
    return edgesUpToMargin - 1 - LAST_BIN;
  }

  /** e(bin): where the bin begins. StrictMath: the same number on every machine. */
  public static double lowerEdge(int bin) {
    return LINEAR * StrictMath.sinh(WIDTH * bin);
  }

  private static double[] edges() {
    return IntStream.rangeClosed(-LAST_BIN, LAST_BIN)
        .mapToDouble(MarginHistogram::lowerEdge)
        .toArray();
  }

  private static void requireCountable(SortedMap<Integer, Long> counts) {
    long room = Long.MAX_VALUE;
    for (long count : counts.values()) {
      room -= count;
      if (room < 0) {
        throw new MalformedCaptureException(
            "the %d bins of a margin histogram hold more than %d samples together; expected fewer"
                .formatted(counts.size(), Long.MAX_VALUE));
      }
    }
  }
}
