package io.collapsewatch.launcher.demo;

import java.util.SplittableRandom;

/** Numbers that training changes, [rows][columns], with their gradient and momentum. */
final class Parameter {

  private static final float MOMENTUM = 0.9f;

  final float[][] value;
  final float[][] gradient;
  private final float[][] velocity;

  Parameter(int rows, int columns) {
    value = new float[rows][columns];
    gradient = new float[rows][columns];
    velocity = new float[rows][columns];
  }

  /** Draws every number from U(−bound, bound). */
  void fillUniform(double bound, SplittableRandom random) {
    for (float[] row : value) {
      for (int j = 0; j < row.length; j++) {
        row[j] = (float) (bound * (2 * random.nextDouble() - 1));
      }
    }
  }

  /** Stochastic gradient descent: v ← 0.9 v + g + λw, w ← w − ηv. */
  void step(float learningRate, float weightDecay) {
    for (int i = 0; i < value.length; i++) {
      float[] w = value[i];
      float[] g = gradient[i];
      float[] v = velocity[i];
      for (int j = 0; j < w.length; j++) {
        v[j] = MOMENTUM * v[j] + g[j] + weightDecay * w[j];
        w[j] -= learningRate * v[j];
      }
    }
  }

  /** ‖W‖_F. */
  double norm() {
    double squares = 0;
    for (float[] row : value) {
      for (float w : row) {
        squares += (double) w * w;
      }
    }
    return Math.sqrt(squares);
  }
}
