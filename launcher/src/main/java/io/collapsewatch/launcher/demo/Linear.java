package io.collapsewatch.launcher.demo;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Fully connected layer, y = xWᵀ + b with W [out][in]. All three products are sums of scaled rows,
 * y += a·x over contiguous arrays, which the JIT turns into vector instructions; a dot product it
 * would leave scalar, because that changes the order of the sum.
 */
final class Linear implements Layer {

  final Parameter weight;
  final Parameter bias;
  private float[][] input;

  /** Starts as PyTorch does: all numbers from U(−1/√in, 1/√in). */
  Linear(int in, int out, SplittableRandom random) {
    weight = new Parameter(out, in);
    bias = new Parameter(1, out);
    weight.fillUniform(1 / Math.sqrt(in), random);
    bias.fillUniform(1 / Math.sqrt(in), random);
  }

  @Override
  public float[][] forward(float[][] x, boolean training) {
    if (training) {
      input = x;
    }
    float[][] columns = transpose(weight.value);
    float[][] y = new float[x.length][];
    for (int i = 0; i < x.length; i++) {
      y[i] = bias.value[0].clone();
      addScaledRows(x[i], columns, y[i]);
    }
    return y;
  }

  @Override
  public float[][] backward(float[][] outputGradient) {
    float[][] byOutput = transpose(outputGradient);
    for (int o = 0; o < byOutput.length; o++) {
      Arrays.fill(weight.gradient[o], 0);
      addScaledRows(byOutput[o], input, weight.gradient[o]);
      bias.gradient[0][o] = sum(byOutput[o]);
    }
    float[][] inputGradient = new float[input.length][input[0].length];
    for (int i = 0; i < input.length; i++) {
      addScaledRows(outputGradient[i], weight.value, inputGradient[i]);
    }
    return inputGradient;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }

  /** out += Σ_j scales[j]·rows[j]; zeros are skipped, and behind a ReLU half of them are. */
  private static void addScaledRows(float[] scales, float[][] rows, float[] out) {
    for (int j = 0; j < scales.length; j++) {
      if (scales[j] != 0) {
        addScaled(scales[j], rows[j], out);
      }
    }
  }

  private static void addScaled(float scale, float[] row, float[] out) {
    for (int k = 0; k < out.length; k++) {
      out[k] += scale * row[k];
    }
  }

  private static float[][] transpose(float[][] matrix) {
    float[][] transposed = new float[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[i].length; j++) {
        transposed[j][i] = matrix[i][j];
      }
    }
    return transposed;
  }

  private static float sum(float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
