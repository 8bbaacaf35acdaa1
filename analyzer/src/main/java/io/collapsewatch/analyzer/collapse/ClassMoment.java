package io.collapsewatch.analyzer.collapse;

import io.collapsewatch.analyzer.linalg.Matrix;
import java.util.Arrays;
import java.util.List;

/** Count, mean and sum of squared distances from it, of the samples of one class. Mutable. */
final class ClassMoment {

  private long count;
  private double squares;
  private double[] mean;

  /** Of no samples. */
  ClassMoment(int dim) {
    this.mean = new double[dim];
  }

  /** From what {@link #toRow} gave. */
  static ClassMoment ofRow(double[] row) {
    ClassMoment moment = new ClassMoment(row.length - 2);
    moment.count = (long) row[0];
    moment.squares = row[1];
    System.arraycopy(row, 2, moment.mean, 0, moment.mean.length);
    return moment;
  }

  /** n_k, tr(S_k), μ_k, in a new array [2+d]; exact, since a count below 2⁵³ is. */
  double[] toRow() {
    double[] row = new double[2 + mean.length];
    row[0] = count;
    row[1] = squares;
    System.arraycopy(mean, 0, row, 2, mean.length);
    return row;
  }

  /** n_k. */
  long count() {
    return count;
  }

  /** tr(S_k). */
  double squares() {
    return squares;
  }

  /** μ_k [d]; not to be modified. */
  double[] mean() {
    return mean;
  }

  /**
   * Adds the samples {@code members}, of which there is at least one, and writes what they add to
   * the scatter into {@code rows} from row {@code at} on: a residual each, then one row for the
   * move of the mean. The residuals are taken from the block's own mean, which is found from the
   * old one, so that an offset of the features costs no digits.
   *
   * @return the row after the last one written
   */
  int absorb(Samples samples, List<Integer> members, Matrix rows, int at) {
    double[] reference = reference(samples, members.get(0));
    Matrix block = differences(samples, members, reference);
    double[] move = block.meanRow();
    ClassMoment added = new ClassMoment(mean.length);
    added.count = members.size();
    for (int i = 0; i < members.size(); i++) {
      block.addToRow(i, -1, move);
      double[] residual = block.row(i);
      added.squares += Matrix.dot(residual, residual);
      rows.setRow(at + i, residual);
    }
    for (int j = 0; j < mean.length; j++) {
      added.mean[j] = reference[j] + move[j];
    }
    rows.setRow(at + members.size(), merge(added, move));
    return at + members.size() + 1;
  }

  private double[] reference(Samples samples, int first) {
    double[] reference = mean.clone();
    if (count == 0) {
      samples.read(first, reference);
    }
    return reference;
  }

  private Matrix differences(Samples samples, List<Integer> members, double[] reference) {
    Matrix block = new Matrix(members.size(), mean.length);
    double[] h = new double[mean.length];
    for (int i = 0; i < members.size(); i++) {
      samples.read(members.get(i), h);
      block.setRow(i, h);
      block.addToRow(i, -1, reference);
    }
    return block;
  }

  /**
   * Adds the samples of {@code other} and returns the row √(n_A n_B/n) (μ_B − μ_A) that they add to
   * the scatter beside their own.
   */
  double[] merge(ClassMoment other) {
    double[] move = other.mean.clone();
    for (int j = 0; j < move.length; j++) {
      move[j] -= mean[j];
    }
    return merge(other, move);
  }

  // move is μ_B − μ_A, or anything where A has no samples yet.
  private double[] merge(ClassMoment other, double[] move) {
    if (count == 0) {
      count = other.count;
      squares = other.squares;
      mean = other.mean.clone();
      return new double[move.length];
    }
    double share = (double) other.count / (count + other.count);
    double weight = share * count;
    squares += other.squares + weight * Matrix.dot(move, move);
    count += other.count;
    for (int j = 0; j < mean.length; j++) {
      mean[j] += share * move[j];
    }
    double scale = Math.sqrt(weight);
    return Arrays.stream(move).map(x -> scale * x).toArray();
  }
}
