package io.collapsewatch.launcher.simulate;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.reference.SimulatedLayer;
import io.collapsewatch.protocol.Tensor;
import java.util.Optional;

/**
 * A layer of a simulation as tensors. F64, so that nothing is lost of metrics that go to 0.
 *
 * @param name of the layer
 * @param features [N,d]
 * @param labels [N]
 * @param classifier what makes the outputs, where that is linear
 * @param logits [N,K], where there is a classifier
 */
record LayerArrays(
    String name,
    Tensor features,
    Tensor labels,
    Optional<Classifier> classifier,
    Optional<Tensor> logits) {

  static LayerArrays of(SimulatedLayer layer) {
    int samples = layer.labels().length;
    int dim = layer.features().rows();
    double[] rows = new double[samples * dim];
    double[] h = new double[dim];
    for (int i = 0; i < samples; i++) {
      layer.features().readColumn(i, h);
      System.arraycopy(h, 0, rows, i * dim, dim);
    }
    return new LayerArrays(
        layer.name(),
        Tensor.ofDoubles(rows, samples, dim),
        Tensor.ofInts(layer.labels(), samples),
        layer.classifier(),
        layer.classifier().map(classifier -> logits(rows, samples, classifier)));
  }

  private static Tensor logits(double[] features, int samples, Classifier classifier) {
    int classes = classifier.classes();
    double[] logits = new double[samples * classes];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = logit(features, i / classes, classifier, i % classes);
    }
    return Tensor.ofDoubles(logits, samples, classes);
  }

  private static double logit(double[] features, int sample, Classifier classifier, int k) {
    int dim = classifier.dim();
    double sum = 0;
    for (int j = 0; j < dim; j++) {
      sum += classifier.weight()[k * dim + j] * features[sample * dim + j];
    }
    return sum + classifier.bias().map(bias -> bias[k]).orElse(0.0);
  }

  /** W [K,d] of a classifier. */
  static Tensor weight(Classifier classifier) {
    return Tensor.ofDoubles(classifier.weight(), classifier.classes(), classifier.dim());
  }

  /** b [K] of a classifier, where it has one. */
  static Optional<Tensor> bias(Classifier classifier) {
    return classifier.bias().map(bias -> Tensor.ofDoubles(bias, bias.length));
  }
}
