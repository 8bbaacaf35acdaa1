package io.collapsewatch.protocol;

/** Limits of the capture format; each is checked before anything of that size is allocated. */
public final class Limits {

  /** Bytes of a capture as a training process sends it. */
  public static final int CAPTURE_BYTES = 64 << 20;

  /** Bytes of the JSON header of a capture. */
  public static final int HEADER_BYTES = 256 << 10;

  /** Objects within objects in the JSON header; the format itself needs 3. */
  public static final int HEADER_DEPTH = 4;

  /** Tensors in a capture. */
  public static final int TENSORS = 64;

  /**
   * Bytes of a capture as it lies in Kafka. A record of a broker with default settings holds 1 048
   * 588 bytes with its key, headers and framing; the rest is room for those.
   */
  public static final int RECORD_BYTES = 960 << 10;

  /** Classes K of a run. A report decomposes a matrix of K×d and holds several of K×K. */
  public static final int CLASSES = 1024;

  /** Width d of a captured layer. */
  public static final int DIM = 1 << 16;

  /**
   * Elements K·d of a classifier. It bounds what one report computes, and a rolling window, which
   * holds at least two samples of each class.
   */
  public static final int CLASSIFIER_ELEMENTS = 1 << 22;

  /** Layers of a run that are captured. */
  public static final int LAYERS = 64;

  /** Pairs of split and layer of a run; each has a window of its own. */
  public static final int WINDOWS = 64;

  /** Parts that a message is split into. */
  public static final int PARTS = 4096;

  /** Ranks of a run. */
  public static final int WORLD_SIZE = 1024;

  /** Reasons for which messages are counted as dropped. */
  public static final int DROP_REASONS = 16;

  /** Messages counted as dropped for one reason. */
  public static final long DROPPED = 1L << 50;

  /** Layers whose norms are reported. */
  public static final int NORMS = 1024;

  /** Characters of a text: the name of a layer in a norm, an optimiser. */
  public static final int TEXT = 128;

  /** Size of a margin, so that sums of squares stay finite. */
  public static final double MARGIN = 1e100;

  /** Tags of a run. */
  public static final int TAGS = 4096;

  /** Characters of all tags of a run, names and texts together. */
  public static final int TAG_CHARACTERS = 128 << 10;

  private Limits() {}
}
