package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.protocol.WindowReport.ClassPair;
import io.collapsewatch.protocol.WindowReport.Cosines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** The cosines between vectors of classes as a report carries them. */
final class CosineReport {

  private static final int EXTREMES = 10;

  private static final Comparator<ClassPair> LARGEST_FIRST =
      Comparator.comparingDouble((ClassPair pair) -> -pair.cosine())
          .thenComparingInt(ClassPair::first)
          .thenComparingInt(ClassPair::second);

  private CosineReport() {}

  /**
   * The cosines to 4 digits.
   *
   * @param classes [K] classes of the vectors of {@code means}
   * @param means frame of the centred means
   * @param weights frame of all classifiers
   */
  static Cosines of(int[] classes, Frame means, Optional<Frame> weights) {
    boolean all = means.count() <= Cosines.ALL_UP_TO;
    return new Cosines(
        Arrays.stream(classes).boxed().toList(),
        all ? triangle(means) : List.of(),
        weights
            .filter(w -> w.count() <= Cosines.ALL_UP_TO)
            .map(CosineReport::triangle)
            .orElse(List.of()),
        all
            ? List.of()
            : largest(classes, means, EXTREMES).stream().map(CosineReport::rounded).toList());
  }

  /** The pair of classes with the largest cosine, the lowest pair where several have it. */
  static Optional<ClassPair> worstPair(int[] classes, Frame means) {
    return largest(classes, means, 1).stream().findFirst();
  }

  private static List<Double> triangle(Frame frame) {
    List<Double> cosines = new ArrayList<>();
    for (int i = 0; i < frame.count(); i++) {
      for (int j = i + 1; j < frame.count(); j++) {
        double cosine = frame.cosine(i, j);
        cosines.add(Double.isFinite(cosine) ? (Double) fourDigits(cosine) : null);
      }
    }
    return Collections.unmodifiableList(cosines);
  }

  private static List<ClassPair> largest(int[] classes, Frame frame, int count) {
    PriorityQueue<ClassPair> kept = new PriorityQueue<>(LARGEST_FIRST.reversed());
    for (int i = 0; i < frame.count(); i++) {
      for (int j = i + 1; j < frame.count(); j++) {
        double cosine = frame.cosine(i, j);
        // Of equal ones the earlier pair stays, so only a larger one is of interest once it is
        // full.
        boolean full = kept.size() == count;
        if (Double.isFinite(cosine) && (!full || cosine > kept.element().cosine())) {
          kept.add(new ClassPair(classes[i], classes[j], cosine));
          if (full) {
            kept.remove();
          }
        }
      }
    }
    return kept.stream().sorted(LARGEST_FIRST).toList();
  }

  private static ClassPair rounded(ClassPair pair) {
    return new ClassPair(pair.first(), pair.second(), fourDigits(pair.cosine()));
  }

  private static double fourDigits(double cosine) {
    return Math.round(cosine * 1e4) / 1e4;
  }
}
