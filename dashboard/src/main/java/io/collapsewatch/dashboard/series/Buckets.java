package io.collapsewatch.dashboard.series;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * A sequence of any length summarised in a bounded number of buckets, each of as many neighbours as
 * every other but the last. When all are full, neighbours are merged and the buckets are twice as
 * wide from then on. So one pass is enough and nobody needs to know the length before.
 *
 * @param <B> summary of one or more neighbours
 */
public final class Buckets<B> {

  private final int most;
  private final BinaryOperator<B> merge;
  private List<B> buckets = new ArrayList<>();
  private long width = 1;
  private long inLast;

  /**
   * @param most how many buckets there may be; even
   * @param merge the summary of both; may change and return the first of them
   */
  public Buckets(int most, BinaryOperator<B> merge) {
    if (most < 2 || most % 2 != 0) {
      throw new IllegalArgumentException(
          "there may be %d buckets; expected an even number of at least 2".formatted(most));
    }
    this.most = most;
    this.merge = merge;
  }

  /** As it was when it had this width, these buckets and so many in the last of them. */
  Buckets(int most, BinaryOperator<B> merge, long width, long inLast, List<B> buckets) {
    this(most, merge);
    this.width = width;
    this.inLast = inLast;
    this.buckets = new ArrayList<>(buckets);
  }

  /** Adds the summary of one more at the end. */
  public void add(B one) {
    if (!buckets.isEmpty() && inLast < width) {
      int last = buckets.size() - 1;
      buckets.set(last, merge.apply(buckets.get(last), one));
      inLast++;
      return;
    }
    if (buckets.size() == most) {
      mergeNeighbours();
    }
    buckets.add(one);
    inLast = 1;
  }

  private void mergeNeighbours() {
    List<B> wider = new ArrayList<>(most);
    for (int i = 0; i < buckets.size(); i += 2) {
      wider.add(merge.apply(buckets.get(i), buckets.get(i + 1)));
    }
    buckets = wider;
    width *= 2;
  }

  /** The buckets in order; at least half as many as there may be, once there were as many. */
  public List<B> toList() {
    return List.copyOf(buckets);
  }

  long width() {
    return width;
  }

  long inLast() {
    return inLast;
  }
}
