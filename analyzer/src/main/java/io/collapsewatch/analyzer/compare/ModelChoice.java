package io.collapsewatch.analyzer.compare;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.analyzer.collapse.CollapseResult.Norms;
import io.collapsewatch.analyzer.compare.Comparison.NoModel;
import io.collapsewatch.analyzer.compare.Comparison.WithoutEnd;
import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.RunSettings.Loss;
import java.util.Optional;

/** Which model a run trains, or why none fits. */
final class ModelChoice {

  private final Training training;
  private final Classifier classifier;
  private final CollapseResult measured;

  private ModelChoice(Training training, Classifier classifier, CollapseResult measured) {
    this.training = training;
    this.classifier = classifier;
    this.measured = measured;
  }

  /** The model of a run by one window of its training samples. */
  static Comparison of(Training training, Classifier classifier, CollapseResult measured) {
    return new ModelChoice(training, classifier, measured).choose();
  }

  private Comparison choose() {
    Optional<String> reason = unsaid().or(this::missingClasses);
    if (reason.isPresent()) {
      return new NoModel(reason.get());
    }
    return training.weightDecay().orElseThrow() == 0 ? withoutDecay() : withDecay();
  }

  private Optional<String> unsaid() {
    if (training.settings().loss().isEmpty()) {
      return Optional.of("the run does not say its loss; the models know cross_entropy and mse");
    }
    return training.weightDecay().isEmpty()
        ? Optional.of("the run does not say its weight decay, neither of itself nor with its steps")
        : Optional.empty();
  }

  private Optional<String> missingClasses() {
    int present = (int) measured.metrics().get(MetricKey.CLASSES_PRESENT).orElse(0);
    return present < classifier.classes()
        ? Optional.of(
            "the window shows %d of the %d classes; the models have samples of each"
                .formatted(present, classifier.classes()))
        : Optional.empty();
  }

  private Comparison withoutDecay() {
    if (training.loses(Loss.MSE)) {
      return new NoModel(
          "without weight decay it depends on the start where the square loss ends, so no model"
              + " says it");
    }
    return tooNarrow(classifier.classes() - 1)
        .<Comparison>map(NoModel::new)
        .orElseGet(() -> new WithoutEnd(training.samplesPerClass()));
  }

  private Comparison withDecay() {
    ModelKind model = model();
    int needed = classifier.classes() - (model == ModelKind.MSE_UFM ? 0 : 1);
    Optional<String> reason =
        decoupled()
            .or(this::uncounted)
            .or(() -> tooNarrow(needed))
            .or(() -> simulationOfAnother(model));
    return reason.isPresent() ? new NoModel(reason.get()) : calibrated(model);
  }

  private ModelKind model() {
    if (training.loses(Loss.CROSS_ENTROPY)) {
      return ModelKind.CE_UFM;
    }
    return classifier.bias().isPresent() ? ModelKind.MSE_UFM_BIAS : ModelKind.MSE_UFM;
  }

  private Optional<String> decoupled() {
    return training.decayIsDecoupled()
        ? Optional.of(
            "the weight decay of %s is decoupled from the loss, so no model has it as a regulariser"
                .formatted(Printable.quote(training.settings().optimizer().orElseThrow())))
        : Optional.empty();
  }

  private Optional<String> uncounted() {
    return training.samplesPerClass().isEmpty()
        ? Optional.of(
            "the run does not say how many training samples a class has (samples_per_class or class_counts)")
        : Optional.empty();
  }

  private Optional<String> tooNarrow(int needed) {
    return classifier.dim() < needed
        ? Optional.of(
            "the features have %d dimensions; the models need at least %d for %d classes"
                .formatted(classifier.dim(), needed, classifier.classes()))
        : Optional.empty();
  }

  /** A published simulation says of which model; others have more regularisers than a run tells. */
  private Optional<String> simulationOfAnother(ModelKind model) {
    return Optional.ofNullable(training.settings().tags().get("simulated"))
        .filter(simulated -> !simulated.equals(model.key()))
        .map(
            simulated ->
                "it is a simulation of %s, which ends elsewhere than the %s that its settings name"
                    .formatted(Printable.quote(simulated), model.key()));
  }

  private Comparison calibrated(ModelKind model) {
    Optional<Calibration> calibration = measured.norms().flatMap(norms -> calibrated(model, norms));
    return calibration.isPresent()
        ? calibration.get()
        : new NoModel(
            "the classifier or the features have no length, so nothing can be calibrated");
  }

  private Optional<Calibration> calibrated(ModelKind model, Norms norms) {
    return Calibration.of(
        model,
        classifier.classes(),
        training.samplesPerClass().orElseThrow(),
        weightDecay(),
        norms);
  }

  /**
   * λ_W of the model: that of mean cross-entropy is the weight decay itself; the mean of squares
   * over N·K entries is 2/K of the model's loss. A loss that is scaled is divided by its scale.
   */
  private double weightDecay() {
    double ofMean = training.weightDecay().orElseThrow() / training.lossScale();
    return training.loses(Loss.MSE) ? ofMean * classifier.classes() / 2 : ofMean;
  }
}
