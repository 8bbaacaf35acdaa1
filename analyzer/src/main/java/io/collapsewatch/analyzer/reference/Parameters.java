package io.collapsewatch.analyzer.reference;

import io.collapsewatch.analyzer.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What a model is optimised over: some matrices, taken together as one vector. Mutable. */
public final class Parameters {

  private final List<Matrix> blocks;

  Parameters(Matrix... blocks) {
    this.blocks = List.of(blocks);
  }

  private Parameters(List<Matrix> blocks) {
    this.blocks = blocks;
  }

  /** Block {@code i}; not a copy. */
  Matrix get(int i) {
    return blocks.get(i);
  }

  /** Zeros of the same shapes. */
  Parameters zeros() {
    return new Parameters(
        blocks.stream().map(block -> new Matrix(block.rows(), block.columns())).toList());
  }

  Parameters copy() {
    Parameters copy = zeros();
    copy.set(this);
    return copy;
  }

  void set(Parameters other) {
    for (int i = 0; i < blocks.size(); i++) {
      blocks.get(i).set(other.get(i));
    }
  }

  /** Adds {@code factor} · {@code other}. */
  void add(double factor, Parameters other) {
    for (int i = 0; i < blocks.size(); i++) {
      blocks.get(i).add(factor, other.get(i));
    }
  }

  void scale(double factor) {
    blocks.forEach(block -> block.scale(factor));
  }

  double dot(Parameters other) {
    double sum = 0;
    for (int i = 0; i < blocks.size(); i++) {
      sum += blocks.get(i).dot(other.get(i));
    }
    return sum;
  }

  /** Squared Euclidean norm ‖θ‖². */
  public double squaredNorm() {
    return dot(this);
  }

  /** All numbers, block after block, in a new array. */
  double[] toArray() {
    return blocks.stream().map(Matrix::toArray).flatMapToDouble(Arrays::stream).toArray();
  }

  /** Overwrites all numbers with those of {@link #toArray}. */
  void set(double[] numbers) {
    int at = 0;
    for (Matrix block : blocks) {
      int length = block.rows() * block.columns();
      block.set(
          new Matrix(block.rows(), block.columns(), Arrays.copyOfRange(numbers, at, at + length)));
      at += length;
    }
  }

  /** A matrix drawn from N(0, scale²). */
  static Matrix gaussian(int rows, int columns, double scale, Random random) {
    double[] data = new double[rows * columns];
    for (int i = 0; i < data.length; i++) {
      data[i] = scale * random.nextGaussian();
    }
    return new Matrix(rows, columns, data);
  }
}
