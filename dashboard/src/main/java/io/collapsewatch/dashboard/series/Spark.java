package io.collapsewatch.dashboard.series;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A curve in at most {@value #POINTS} points, grown one by one, without losing an extreme. */
public final class Spark {

  /** The most points of it. */
  public static final int POINTS = 60;

  /** A curve without points. */
  public static final Spark EMPTY = new Spark(new Buckets<>(POINTS / 2, Bucket::plus));

  /**
   * A point of the curve.
   *
   * @param value finite
   */
  public record Point(long step, double value) {}

  /** The lowest and the highest of some neighbours. */
  private record Bucket(Point low, Point high) {
    Bucket plus(Bucket next) {
      return new Bucket(
          next.low.value < low.value ? next.low : low,
          next.high.value > high.value ? next.high : high);
    }

    List<Point> points() {
      if (low.equals(high)) {
        return List.of(low);
      }
      return low.step <= high.step ? List.of(low, high) : List.of(high, low);
    }
  }

  private final Buckets<Bucket> buckets;

  private Spark(Buckets<Bucket> buckets) {
    this.buckets = buckets;
  }

  /** The curve with one more point at its end. */
  public Spark plus(long step, double value) {
    Point point = new Point(step, value);
    Buckets<Bucket> longer = copy(buckets.width(), buckets.inLast(), buckets.toList());
    longer.add(new Bucket(point, point));
    return new Spark(longer);
  }

  /** The points in their order. */
  public List<Point> points() {
    List<Point> points = new ArrayList<>();
    buckets.toList().forEach(bucket -> points.addAll(bucket.points()));
    return points;
  }

  /** As bytes, from which {@link #decode} makes the same again. */
  public byte[] encode() {
    List<Bucket> all = buckets.toList();
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * (2 + 4 * all.size()));
    bytes.putLong(buckets.width()).putLong(buckets.inLast());
    for (Bucket bucket : all) {
      bytes.putLong(bucket.low.step).putDouble(bucket.low.value);
      bytes.putLong(bucket.high.step).putDouble(bucket.high.value);
    }
    return bytes.array();
  }

  /** The curve in {@code encoded}. */
  public static Spark decode(byte[] encoded) {
    ByteBuffer bytes = ByteBuffer.wrap(encoded);
    long width = bytes.getLong();
    long inLast = bytes.getLong();
    List<Bucket> all = new ArrayList<>();
    while (bytes.hasRemaining()) {
      all.add(new Bucket(point(bytes), point(bytes)));
    }
    return new Spark(copy(width, inLast, all));
  }

  private static Point point(ByteBuffer bytes) {
    return new Point(bytes.getLong(), bytes.getDouble());
  }

  private static Buckets<Bucket> copy(long width, long inLast, List<Bucket> buckets) {
    return new Buckets<>(POINTS / 2, Bucket::plus, width, inLast, buckets);
  }
}
