package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.analyzer.linalg.PackedRows;
import io.collapsewatch.analyzer.linalg.RowSpace;
import java.util.Optional;

/**
 * The second reading of the samples, with the class means known: residuals h − μ_y, their
 * projections, and what the classifier decides. Holds one margin per sample and nothing else of
 * that size. Cost: N·d·(3K).
 */
final class SecondPass {

  /** Samples read together: the vectors of all classes come out of memory once for each block. */
  private static final int BLOCK = 128;

  private final ClassMeans means;
  private final Optional<Decisions> decisions;
  private final PackedRows directions;
  private final double[] squares;
  private final double[] projected;

  private SecondPass(ClassMeans means, RowSpace between, Optional<Decisions> decisions) {
    this.means = means;
    this.decisions = decisions;
    this.directions = new PackedRows(between.directions());
    this.squares = new double[means.count()];
    this.projected = new double[between.values().length];
  }

  /** Reads all samples once; {@code between} are the directions to project on. */
  static SecondPass over(
      Samples samples, ClassMeans means, RowSpace between, Optional<Classifier> classifier) {
    Optional<Decisions> decisions = classifier.map(c -> new Decisions(c, means, samples.size()));
    SecondPass pass = new SecondPass(means, between, decisions);
    for (int from = 0; from < samples.size(); from += BLOCK) {
      pass.addBlock(samples, from, Math.min(BLOCK, samples.size() - from));
    }
    return pass;
  }

  private void addBlock(Samples samples, int from, int count) {
    Matrix features = new Matrix(count, samples.dim());
    int[] labels = new int[count];
    double[] h = new double[samples.dim()];
    for (int i = 0; i < count; i++) {
      samples.read(from + i, h);
      features.setRow(i, h);
      labels[i] = samples.label(from + i);
    }
    Matrix x = means.minusOrigin(features);
    decisions.ifPresent(d -> d.add(labels, features, x));
    addResiduals(labels, x);
  }

  // Turns the rows of x into the residuals in place.
  private void addResiduals(int[] labels, Matrix x) {
    for (int i = 0; i < labels.length; i++) {
      int slot = means.slot(labels[i]);
      x.addToRow(i, -1, means.fromOrigin().row(slot));
      squares[slot] += x.squaredNorm(i);
    }
    Matrix lengths = directions.dots(x);
    for (int i = 0; i < labels.length; i++) {
      for (int j = 0; j < projected.length; j++) {
        projected[j] += lengths.get(i, j) * lengths.get(i, j);
      }
    }
  }

  WithinClass within() {
    return new WithinClass(means.counts(), squares, projected);
  }

  /** What the classifier decided, where there is one. */
  Optional<Decisions> decisions() {
    return decisions;
  }
}
