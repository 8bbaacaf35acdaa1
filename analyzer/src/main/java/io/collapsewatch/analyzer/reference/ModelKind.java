package io.collapsewatch.analyzer.reference;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The models there are. */
public enum ModelKind {
  CE_UFM("cross-entropy, weight and feature decay: ends at a simplex ETF", CeUfm::new),
  CE_ULPM("cross-entropy without any decay: grows for ever towards a simplex ETF", CeUlpm::new),
  MSE_UFM("square loss without bias: ends at an orthogonal frame", MseUfm::new),
  MSE_UFM_BIAS("square loss with bias: ends at a simplex ETF", MseUfmBias::new),
  MSE_UFM_IMBALANCED(
      "square loss, classes of different size: small ones may vanish", MseUfmImbalanced::new),
  MSE_UFM_EXTENDED("square loss, two linear layers over the features", MseUfmExtended::new),
  MSE_UFM_RELU("square loss, two layers with a rectifier between them", MseUfmRelu::new),
  CE_UFM_EXTENDED("cross-entropy, two linear layers over the features", CeUfmExtended::new),
  RHO_FLOW("the norm product of a binary network under square loss", RhoFlow::new),
  PERTURBED_FEATURES(
      "square loss, the classifier alone, over collapsed features with noise",
      PerturbedFeatures::new);

  private final String summary;

  @SuppressWarnings("ImmutableEnumChecker") // a constructor
  private final Function<ModelSettings, ReferenceModel> make;

  ModelKind(String summary, Function<ModelSettings, ReferenceModel> make) {
    this.summary = summary;
    this.make = make;
  }

  /** As it is named on the command line: {@code ce-ufm}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it is, in one line. */
  public String summary() {
    return summary;
  }

  /** The kind of that key. */
  public static Optional<ModelKind> of(String key) {
    return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findFirst();
  }

  /**
   * The model with these settings.
   *
   * @throws IllegalArgumentException if the model cannot have them, in one sentence
   */
  public ReferenceModel create(ModelSettings settings) {
    return make.apply(settings);
  }
}
