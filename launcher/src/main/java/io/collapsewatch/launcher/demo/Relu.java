package io.collapsewatch.launcher.demo;

import java.util.List;

/** y = max(x, 0). */
final class Relu implements Layer {

  private float[][] output;

  @Override
  public float[][] forward(float[][] x, boolean training) {
    float[][] y = new float[x.length][x[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x[i].length; j++) {
        y[i][j] = Math.max(x[i][j], 0);
      }
    }
    if (training) {
      output = y;
    }
    return y;
  }

  @Override
  public float[][] backward(float[][] outputGradient) {
    float[][] inputGradient = new float[output.length][output[0].length];
    for (int i = 0; i < output.length; i++) {
      for (int j = 0; j < output[i].length; j++) {
        inputGradient[i][j] = output[i][j] > 0 ? outputGradient[i][j] : 0;
      }
    }
    return inputGradient;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}
