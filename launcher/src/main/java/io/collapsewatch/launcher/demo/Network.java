package io.collapsewatch.launcher.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Hidden layers, each with ReLU and maybe batch normalisation before it, then a linear classifier.
 */
final class Network {

  private final List<Layer> hidden = new ArrayList<>();
  private final List<Linear> linear = new ArrayList<>();
  private final Linear classifier;

  /**
   * What the network makes of a batch.
   *
   * @param features [B][d], what the last hidden layer puts out
   * @param logits [B][K]
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Output(float[][] features, float[][] logits) {}

  /**
   * A network with random weights.
   *
   * @param widths of the hidden layers; the last one is d
   */
  Network(
      int inputs, List<Integer> widths, int classes, boolean batchNorm, SplittableRandom random) {
    int in = inputs;
    for (int width : widths) {
      hidden.add(connect(in, width, random));
      if (batchNorm) {
        hidden.add(new BatchNorm(width));
      }
      hidden.add(new Relu());
      in = width;
    }
    classifier = connect(in, classes, random);
  }

  private Linear connect(int in, int out, SplittableRandom random) {
    Linear layer = new Linear(in, out, random);
    linear.add(layer);
    return layer;
  }

  Output forward(float[][] x, boolean training) {
    float[][] features = x;
    for (Layer layer : hidden) {
      features = layer.forward(features, training);
    }
    return new Output(features, classifier.forward(features, training));
  }

  /**
   * Sets all gradients, given the loss's gradient by the logits [B][K] of the last forward pass.
   */
  void backward(float[][] logitsGradient) {
    float[][] gradient = classifier.backward(logitsGradient);
    for (int i = hidden.size() - 1; i >= 0; i--) {
      gradient = hidden.get(i).backward(gradient);
    }
  }

  /** One step of gradient descent on every parameter. */
  void step(float learningRate, float weightDecay) {
    parameters().forEach(parameter -> parameter.step(learningRate, weightDecay));
  }

  List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    hidden.forEach(layer -> all.addAll(layer.parameters()));
    all.addAll(classifier.parameters());
    return all;
  }

  /** W [K][d] of the classifier, not a copy. */
  float[][] classifierWeight() {
    return classifier.weight.value;
  }

  /** b [K] of the classifier, not a copy. */
  float[] classifierBias() {
    return classifier.bias.value[0];
  }

  /** ‖W_l‖_F of the linear layers, first layer first. */
  Map<String, Double> layerNorms() {
    Map<String, Double> norms = new LinkedHashMap<>();
    for (Linear layer : linear) {
      norms.put("linear" + (norms.size() + 1), layer.weight.norm());
    }
    return norms;
  }
}
