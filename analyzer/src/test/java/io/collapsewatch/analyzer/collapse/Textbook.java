package io.collapsewatch.analyzer.collapse;

/**
 * The definitions of NC1 as a textbook writes them, with d×d covariances and a plain inverse; only
 * for few dimensions and more classes than dimensions, where Σ_B is invertible.
 */
final class Textbook {

  private final Cloud cloud;
  private final int classes;
  private final double[][] means;
  private final int[] counts;

  Textbook(Cloud cloud) {
    this.cloud = cloud;
    this.classes = cloud.weights().length;
    this.means = new double[classes][cloud.dim()];
    this.counts = new int[classes];
    for (int i = 0; i < cloud.size(); i++) {
      counts[cloud.label(i)]++;
      for (int j = 0; j < cloud.dim(); j++) {
        means[cloud.label(i)][j] += cloud.features()[i][j];
      }
    }
    for (int k = 0; k < classes; k++) {
      for (int j = 0; j < cloud.dim(); j++) {
        means[k][j] /= counts[k];
      }
    }
  }

  /** (1/K) tr(Σ_W Σ_B⁻¹). */
  double nc1() {
    return trace(product(within(), inverse(between()))) / classes;
  }

  /** tr Σ_W / tr Σ_B. */
  double traceRatio() {
    return trace(within()) / trace(between());
  }

  /** Mean over pairs of (v_k + v_j)/(2‖μ_k−μ_j‖²). */
  double cdnv() {
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      for (int j = 0; j < classes; j++) {
        if (j != k) {
          sum += (variance(k) + variance(j)) / (2 * squaredDistance(means[k], means[j]));
        }
      }
    }
    return sum / (classes * (classes - 1));
  }

  /** v_k / tr Σ_B. */
  double classVariability(int k) {
    return variance(k) / trace(between());
  }

  /** Cross-entropy of the classifier, with equal weight for each class. */
  double balancedCrossEntropy() {
    double loss = 0;
    for (int i = 0; i < cloud.size(); i++) {
      double[] z = logits(cloud.features()[i]);
      double sum = 0;
      for (double logit : z) {
        sum += Math.exp(logit);
      }
      loss += (Math.log(sum) - z[cloud.label(i)]) / counts[cloud.label(i)];
    }
    return loss / classes;
  }

  private double[] logits(double[] h) {
    double[] z = cloud.bias().clone();
    for (int k = 0; k < z.length; k++) {
      for (int j = 0; j < h.length; j++) {
        z[k] += cloud.weights()[k][j] * h[j];
      }
    }
    return z;
  }

  private double variance(int k) {
    double sum = 0;
    for (int i = 0; i < cloud.size(); i++) {
      sum += cloud.label(i) == k ? squaredDistance(cloud.features()[i], means[k]) : 0;
    }
    return sum / counts[k];
  }

  private double[][] within() {
    double[][] sum = new double[cloud.dim()][cloud.dim()];
    for (int i = 0; i < cloud.size(); i++) {
      addOuter(sum, minus(cloud.features()[i], means[cloud.label(i)]), 1.0 / cloud.size());
    }
    return sum;
  }

  private double[][] between() {
    double[] global = new double[cloud.dim()];
    for (double[] mean : means) {
      for (int j = 0; j < global.length; j++) {
        global[j] += mean[j] / classes;
      }
    }
    double[][] sum = new double[cloud.dim()][cloud.dim()];
    for (double[] mean : means) {
      addOuter(sum, minus(mean, global), 1.0 / classes);
    }
    return sum;
  }

  private static double[] minus(double[] a, double[] b) {
    double[] difference = a.clone();
    for (int j = 0; j < b.length; j++) {
      difference[j] -= b[j];
    }
    return difference;
  }

  private static double squaredDistance(double[] a, double[] b) {
    double sum = 0;
    for (double x : minus(a, b)) {
      sum += x * x;
    }
    return sum;
  }

  private static void addOuter(double[][] sum, double[] x, double factor) {
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x.length; j++) {
        sum[i][j] += factor * x[i] * x[j];
      }
    }
  }

  private static double trace(double[][] a) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i][i];
    }
    return sum;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] product = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        for (int k = 0; k < a.length; k++) {
          product[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return product;
  }

  /** Gauss and Jordan, without pivoting: the matrix is positive definite. */
  private static double[][] inverse(double[][] a) {
    int n = a.length;
    double[][] left = new double[n][];
    double[][] right = new double[n][n];
    for (int i = 0; i < n; i++) {
      left[i] = a[i].clone();
      right[i][i] = 1;
    }
    for (int p = 0; p < n; p++) {
      double pivot = left[p][p];
      for (int j = 0; j < n; j++) {
        left[p][j] /= pivot;
        right[p][j] /= pivot;
      }
      for (int i = 0; i < n; i++) {
        double factor = i == p ? 0 : left[i][p];
        for (int j = 0; j < n; j++) {
          left[i][j] -= factor * left[p][j];
          right[i][j] -= factor * right[p][j];
        }
      }
    }
    return right;
  }
}
