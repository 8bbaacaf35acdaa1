package io.collapsewatch.analyzer;

import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Tensor;
import java.util.Optional;
import java.util.Random;

/** Captures of made-up runs, the same ones for the same seed. */
public final class Captures {

  private Captures() {}

  /** A batch of normally distributed features around a mean of each class. */
  public static FeatureBatch batch(CaptureHeader header, int rows, int classes, int dim) {
    Random random = new Random(header.step() * 1000 + header.rank());
    float[] features = new float[rows * dim];
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = random.nextInt(classes);
      for (int j = 0; j < dim; j++) {
        features[i * dim + j] =
            (float) (0.3 * random.nextGaussian() + (j % classes == labels[i] ? 1 : 0));
      }
    }
    return FeatureBatch.of(
        header, Tensor.ofFloats(features, rows, dim), Tensor.ofInts(labels, rows));
  }

  /** The same batch as it comes from an agent: with a margin and a prediction of each sample. */
  public static FeatureBatch withMargins(FeatureBatch batch, double... margins) {
    double[] each = new double[batch.rows()];
    int[] predictions = new int[batch.rows()];
    for (int i = 0; i < each.length; i++) {
      each[i] = margins[i % margins.length];
      predictions[i] = each[i] > 0 ? batch.label(i) : 0;
    }
    return new FeatureBatch(
        batch.header(),
        batch.features(),
        batch.labels(),
        Optional.empty(),
        Optional.of(Tensor.ofDoubles(each, each.length)),
        Optional.of(Tensor.ofInts(predictions, each.length)));
  }

  /** A classifier with a bias. */
  public static ClassifierSnapshot classifier(CaptureHeader header, int classes, int dim) {
    Random random = new Random(header.step());
    float[] weight = new float[classes * dim];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) random.nextGaussian();
    }
    float[] bias = new float[classes];
    for (int k = 0; k < classes; k++) {
      bias[k] = 0.1f * k;
    }
    return ClassifierSnapshot.of(
        header, Tensor.ofFloats(weight, classes, dim), Optional.of(Tensor.ofFloats(bias, classes)));
  }
}
