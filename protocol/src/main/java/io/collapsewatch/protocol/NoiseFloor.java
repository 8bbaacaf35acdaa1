package io.collapsewatch.protocol;

/**
 * The NC1 below which a run counts as collapsed. Every model's NC1 goes to 0, that of a real run
 * does not.
 *
 * @param nc1 &gt; 0
 * @param source where it comes from
 */
public record NoiseFloor(double nc1, Source source) {

  /** Where a floor comes from: whichever of these is the highest. */
  public enum Source {
    /** A setting of the analyzer. */
    SETTING,
    /** The fitted model's NC1 at the time where the run is. */
    MODEL,
    /** The precision of the captured features. */
    PRECISION
  }

  /**
   * @throws IllegalArgumentException if {@code nc1} is no finite number above 0
   */
  public NoiseFloor {
    if (!(nc1 > 0 && nc1 < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the floor of NC1 is %s; expected a finite number above 0".formatted(nc1));
    }
  }
}
