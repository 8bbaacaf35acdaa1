package io.collapsewatch.analyzer.collapse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Samples and a classifier in plain arrays, and what the tests do to them. */
@SuppressWarnings("ArrayRecordComponent") // plain numbers are what tests read best
record Cloud(double[][] features, int[] labels, double[][] weights, double[] bias)
    implements Samples {

  /** One-dimensional features of class 0, of class 1 and so on. */
  static Cloud onALine(double[]... classes) {
    int[] labels =
        IntStream.range(0, classes.length)
            .flatMap(k -> Arrays.stream(classes[k]).mapToInt(x -> k))
            .toArray();
    double[][] features =
        Arrays.stream(classes)
            .flatMap(c -> Arrays.stream(c).mapToObj(x -> new double[] {x}))
            .toArray(double[][]::new);
    return new Cloud(features, labels, new double[0][], new double[0]);
  }

  /** Gaussian classes of different size with noise 0.3 around random means, random classifier. */
  static Cloud random(int classes, int dim, long seed) {
    Random random = new Random(seed);
    double[][] means = gaussian(classes, dim, random);
    int samples = 12 * classes;
    int[] labels =
        IntStream.range(0, samples)
            .map(i -> i < 2 * classes ? i % classes : random.nextInt(classes))
            .toArray();
    double[][] features = gaussian(samples, dim, random);
    for (int i = 0; i < samples; i++) {
      for (int j = 0; j < dim; j++) {
        features[i][j] = means[labels[i]][j] + 0.3 * features[i][j];
      }
    }
    double[] bias = gaussian(1, classes, random)[0];
    return new Cloud(features, labels, gaussian(classes, dim, random), bias);
  }

  private static double[][] gaussian(int rows, int columns, Random random) {
    double[][] numbers = new double[rows][columns];
    for (double[] row : numbers) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    return numbers;
  }

  Optional<Classifier> classifier() {
    double[] flat = Arrays.stream(weights).flatMapToDouble(Arrays::stream).toArray();
    return Optional.of(new Classifier(weights.length, dim(), flat, Optional.of(bias)));
  }

  CollapseResult measure() {
    return Collapse.measure(this, weights.length == 0 ? Optional.empty() : classifier());
  }

  ClassMoments moments() {
    ClassMoments moments = ClassMoments.create(dim());
    moments.addAll(this);
    return moments;
  }

  Cloud withClassifier(double[][] newWeights, double... newBias) {
    return new Cloud(features, labels, newWeights, newBias);
  }

  Cloud withLabels(int... newLabels) {
    return new Cloud(features, newLabels, weights, bias);
  }

  /** Every feature vector replaced by another. */
  Cloud mapFeatures(UnaryOperator<double[]> change) {
    return new Cloud(
        Arrays.stream(features).map(change).toArray(double[][]::new), labels, weights, bias);
  }

  /** The samples in another order. */
  Cloud shuffled(long seed) {
    List<Integer> order = permutation(labels.length, seed);
    return new Cloud(
        order.stream().map(i -> features[i]).toArray(double[][]::new),
        order.stream().mapToInt(i -> labels[i]).toArray(),
        weights,
        bias);
  }

  /** The classes under other numbers: class k was class order[k]. */
  Cloud renumbered(long seed) {
    List<Integer> order = permutation(weights.length, seed);
    return new Cloud(
        features,
        Arrays.stream(labels).map(order::indexOf).toArray(),
        order.stream().map(k -> weights[k]).toArray(double[][]::new),
        order.stream().mapToDouble(k -> bias[k]).toArray());
  }

  private static List<Integer> permutation(int length, long seed) {
    List<Integer> order =
        IntStream.range(0, length).boxed().collect(Collectors.toCollection(ArrayList::new));
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  /** Samples from (inclusive) to (exclusive). */
  Cloud part(int from, int to) {
    return new Cloud(
        Arrays.copyOfRange(features, from, to),
        Arrays.copyOfRange(labels, from, to),
        weights,
        bias);
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int dim() {
    return features.length == 0 ? 1 : features[0].length;
  }

  @Override
  public int label(int i) {
    return labels[i];
  }

  @Override
  public void read(int i, double[] out) {
    System.arraycopy(features[i], 0, out, 0, out.length);
  }
}
