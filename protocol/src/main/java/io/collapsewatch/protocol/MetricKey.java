package io.collapsewatch.protocol;

import java.util.Locale;
import java.util.Optional;

/**
 * The one catalogue of metrics: every name in JSON, CSV, tables and, prefixed, in Prometheus comes
 * from here. Formulas and sources are those of the classes in {@code analyzer.collapse} and {@code
 * analyzer.margin}.
 */
public enum MetricKey {
  CLASSES_PRESENT("classes", "Classes with at least one sample in the window, K′"),
  SAMPLES("samples", "Samples in the window, N"),
  SAMPLES_PER_CLASS_MIN("samples", "Fewest samples of a present class"),
  BETWEEN_RANK("dimensions", "Rank of the between-class covariance used for nc1"),

  NC1("", "Within-class over between-class covariance, tr(Σ_W Σ_B⁺)/K; 0 at collapse"),
  NC1_TRACE_RATIO("", "tr Σ_W / tr Σ_B; 0 at collapse"),
  NC1_CDNV("", "Class-distance normalised variance, mean over pairs of classes; 0 at collapse"),

  NC2_EQUINORM_MEANS(
      "", "Spread of the lengths of the centred class means, std/mean; 0 at collapse"),
  NC2_EQUINORM_WEIGHTS("", "Spread of the lengths of the classifiers, std/mean; 0 at collapse"),
  NC2_EQUIANGULAR_MEANS("", "Spread of the cosines between centred class means; 0 at collapse"),
  NC2_EQUIANGULAR_WEIGHTS("", "Spread of the cosines between classifiers; 0 at collapse"),
  NC2_MAX_ANGLE_MEANS("", "Mean |cos + 1/(K−1)| between centred class means; 0 at collapse"),
  NC2_MAX_ANGLE_WEIGHTS("", "Mean |cos + 1/(K−1)| between classifiers; 0 at collapse"),
  NC2_ETF_MEANS("", "Distance of the centred class means' Gram matrix from a simplex ETF's"),
  NC2_ETF_WEIGHTS("", "Distance of the classifiers' Gram matrix from a simplex ETF's"),
  NC2_OF_MEANS("", "Distance of the class means' Gram matrix from an orthogonal frame's"),
  NC2_OF_WEIGHTS("", "Distance of the classifiers' Gram matrix from an orthogonal frame's"),

  NC3_DUALITY("", "Distance between normalised classifiers and centred class means; 0 at collapse"),
  NC3_DUALITY_UNCENTRED("", "Distance between normalised classifiers and class means"),
  NC3_ETF_ALIGNMENT("", "Distance of classifiers times centred means from a simplex ETF"),

  NC4_NCC_MISMATCH("", "Share of samples whose prediction is not the nearest class centre"),
  NC4_BIAS("logits", "‖b + W μ_G‖: what the classifier adds to the centred features"),
  NC4_BIAS_SPREAD("logits", "‖b + W μ_G‖ without its mean over the classes; 0 at collapse"),

  MARGIN_MIN("logits", "Smallest margin"),
  MARGIN_MEAN("logits", "Mean margin"),
  MARGIN_STD("logits", "Standard deviation of the margins"),
  MARGIN_P01("logits", "1st percentile of the margins"),
  MARGIN_P05("logits", "5th percentile of the margins"),
  MARGIN_P25("logits", "25th percentile of the margins"),
  MARGIN_P50("logits", "Median of the margins"),
  MARGIN_P75("logits", "75th percentile of the margins"),
  MARGIN_P95("logits", "95th percentile of the margins"),
  MARGIN_P99("logits", "99th percentile of the margins"),
  ACCURACY("", "Share of samples whose largest logit is their label's"),
  MARGIN_OPTIMALITY(
      "", "Smallest margin over the largest one possible at these norms; 1 at collapse"),
  CE_FLOOR("nats", "Class-balanced cross-entropy cannot be lower at these norms"),

  LN_RHO("", "ln ρ: sum of the logarithms of the norms of the layers that count"),
  MU("", "Mean f̄ of a binary square-loss run: mean margin over ρ"),
  M2("", "Mean f̄² of a binary square-loss run: mean squared margin over ρ²"),
  SIGMA2("", "Variance of f̄ of a binary square-loss run; 0 at collapse"),

  NC1_PRECISION_FLOOR("", "What rounding the features to the type they come in adds to nc1");

  private final String unit;
  private final String help;

  MetricKey(String unit, String help) {
    this.unit = unit;
    this.help = help;
  }

  /** Name in JSON and CSV. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The unit in words; empty for a dimensionless metric. */
  public String unit() {
    return unit;
  }

  /** One line for people. */
  public String help() {
    return help;
  }

  /**
   * Whether it is one of a pass of features, labels and classifier, wherever they come from: all
   * but those of the run and of its captures.
   */
  public boolean ofSamples() {
    return compareTo(LN_RHO) < 0;
  }

  /** The metric of that name, if there is one. */
  public static Optional<MetricKey> of(String key) {
    for (MetricKey metric : values()) {
      if (metric.key().equals(key)) {
        return Optional.of(metric);
      }
    }
    return Optional.empty();
  }
}
