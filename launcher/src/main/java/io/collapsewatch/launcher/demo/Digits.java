package io.collapsewatch.launcher.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * 1797 handwritten digits (Alpaydin and Kaynak 1998, see README.md beside the resource).
 *
 * @param images [1797][64], pixels of 0..1
 * @param labels [1797], 0..9
 */
@SuppressWarnings("ArrayRecordComponent")
record Digits(float[][] images, int[] labels) {

  static final int PIXELS = 64;
  static final int CLASSES = 10;

  private static final float WHITE = 16;

  static Digits load() {
    try (InputStream file = Digits.class.getResourceAsStream("digits.csv.gz");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(file), StandardCharsets.US_ASCII))) {
      return parse(lines.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the digits of the demo", e);
    }
  }

  private static Digits parse(List<String> lines) {
    float[][] images = new float[lines.size()][PIXELS];
    int[] labels = new int[lines.size()];
    for (int i = 0; i < images.length; i++) {
      String[] fields = lines.get(i).split(",", -1);
      for (int j = 0; j < PIXELS; j++) {
        images[i][j] = Integer.parseInt(fields[j]) / WHITE;
      }
      labels[i] = Integer.parseInt(fields[PIXELS]);
    }
    return new Digits(images, labels);
  }

  int size() {
    return labels.length;
  }

  /** The samples whose numbers are order[from..to−1]. */
  Digits select(int[] order, int from, int to) {
    float[][] someImages = new float[to - from][];
    int[] someLabels = new int[to - from];
    for (int i = from; i < to; i++) {
      someImages[i - from] = images[order[i]];
      someLabels[i - from] = labels[order[i]];
    }
    return new Digits(someImages, someLabels);
  }

  /** Samples of each class. */
  List<Long> classCounts() {
    List<Long> counts = new ArrayList<>(Collections.nCopies(CLASSES, 0L));
    for (int label : labels) {
      counts.set(label, counts.get(label) + 1);
    }
    return counts;
  }
}
