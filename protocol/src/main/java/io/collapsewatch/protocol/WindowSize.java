package io.collapsewatch.protocol;

/** How many samples of each class a rolling window holds. The agent samples to fill as many. */
public final class WindowSize {

  /** Samples older than this many steps leave a rolling window. */
  public static final long MAX_AGE_STEPS = 2000;

  /** The most samples of one class that a rolling window holds. */
  public static final int MOST = 64;

  private static final int FEWEST = 2;
  private static final long BYTES = 64L << 20;

  private WindowSize() {}

  /** S = 64 MiB / (4 K d), kept between 2 and {@value #MOST}. */
  public static int samplesPerClass(int classes, int dim) {
    return (int) Math.max(FEWEST, Math.min(MOST, BYTES / (4L * classes * dim)));
  }
}
