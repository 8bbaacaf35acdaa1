package io.collapsewatch.launcher.demo;

import java.util.Arrays;
import java.util.List;

/**
 * Batch normalisation (Ioffe and Szegedy 2015) with the conventions of PyTorch: y = γx̂ + β with x̂
 * = (x − m)/√(v + 1e-5). In training mode m and v are mean and population variance of each column
 * of the batch; in evaluation mode they are running averages of those means and of the unbiased
 * variances, to which each batch contributes a tenth.
 */
final class BatchNorm implements Layer {

  private static final float NEW_SHARE = 0.1f;
  private static final float EPSILON = 1e-5f;

  private final int width;
  private final Parameter scale;
  private final Parameter shift;
  private final float[] runningMean;
  private final float[] runningVariance;
  private float[][] normalised;
  private float[] inverseDeviation;

  BatchNorm(int width) {
    this.width = width;
    scale = new Parameter(1, width);
    shift = new Parameter(1, width);
    runningMean = new float[width];
    runningVariance = new float[width];
    Arrays.fill(scale.value[0], 1);
    Arrays.fill(runningVariance, 1);
  }

  @Override
  public float[][] forward(float[][] x, boolean training) {
    if (!training) {
      return affine(normalise(x, runningMean, inverseDeviation(runningVariance)));
    }
    float[] mean = mean(x);
    float[] variance = variance(x, mean);
    remember(mean, variance, x.length);
    inverseDeviation = inverseDeviation(variance);
    normalised = normalise(x, mean, inverseDeviation);
    return affine(normalised);
  }

  @Override
  public float[][] backward(float[][] outputGradient) {
    int rows = outputGradient.length;
    float[] byShift = shift.gradient[0];
    float[] byScale = scale.gradient[0];
    Arrays.fill(byShift, 0);
    Arrays.fill(byScale, 0);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j++) {
        byShift[j] += outputGradient[i][j];
        byScale[j] += outputGradient[i][j] * normalised[i][j];
      }
    }
    float[][] inputGradient = new float[rows][width];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j++) {
        float centred = outputGradient[i][j] - (byShift[j] + normalised[i][j] * byScale[j]) / rows;
        inputGradient[i][j] = scale.value[0][j] * inverseDeviation[j] * centred;
      }
    }
    return inputGradient;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(scale, shift);
  }

  private void remember(float[] mean, float[] variance, int rows) {
    float unbiased = rows / (rows - 1f);
    for (int j = 0; j < width; j++) {
      runningMean[j] += NEW_SHARE * (mean[j] - runningMean[j]);
      runningVariance[j] += NEW_SHARE * (unbiased * variance[j] - runningVariance[j]);
    }
  }

  private float[][] normalise(float[][] x, float[] mean, float[] inverse) {
    float[][] y = new float[x.length][width];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < width; j++) {
        y[i][j] = (x[i][j] - mean[j]) * inverse[j];
      }
    }
    return y;
  }

  private float[][] affine(float[][] x) {
    float[][] y = new float[x.length][width];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < width; j++) {
        y[i][j] = scale.value[0][j] * x[i][j] + shift.value[0][j];
      }
    }
    return y;
  }

  private float[] mean(float[][] x) {
    float[] mean = new float[width];
    for (float[] row : x) {
      for (int j = 0; j < width; j++) {
        mean[j] += row[j] / x.length;
      }
    }
    return mean;
  }

  private float[] variance(float[][] x, float[] mean) {
    float[] variance = new float[width];
    for (float[] row : x) {
      for (int j = 0; j < width; j++) {
        variance[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / x.length;
      }
    }
    return variance;
  }

  private static float[] inverseDeviation(float[] variance) {
    float[] inverse = new float[variance.length];
    for (int j = 0; j < inverse.length; j++) {
      inverse[j] = (float) (1 / Math.sqrt(variance[j] + EPSILON));
    }
    return inverse;
  }
}
