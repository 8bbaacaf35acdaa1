package io.collapsewatch.protocol;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a run says of itself; everything is optional.
 *
 * @param classes K, 2..{@link Limits#CLASSES}
 * @param dim width d of the layer that the header names, 1..{@link Limits#DIM}
 * @param loss the training loss
 * @param lossScale factor in front of the loss, &gt; 0; 1 if not said
 * @param optimizer name of the optimiser, free text
 * @param bias whether the classifier has a bias
 * @param weightDecay λ of the weight decay, ≥ 0
 * @param classCounts training samples of each class, K entries, or empty
 * @param batchNorm whether the network is batch-normalised, so that only the last layer's norm
 *     counts
 * @param reportEverySteps steps between two rolling reports, ≥ 1
 * @param expectedIntervalSeconds the longest silence, in seconds, that is still normal
 * @param tags free names and values
 */
public record RunSettings(
    OptionalInt classes,
    OptionalInt dim,
    Optional<Loss> loss,
    OptionalDouble lossScale,
    Optional<String> optimizer,
    Optional<Boolean> bias,
    OptionalDouble weightDecay,
    List<Long> classCounts,
    Optional<Boolean> batchNorm,
    OptionalLong reportEverySteps,
    OptionalDouble expectedIntervalSeconds,
    Map<String, String> tags) {

  /** Settings that say nothing. */
  public static final RunSettings NONE = builder().build();

  /** Training losses that have a reference model. */
  public enum Loss {
    CROSS_ENTROPY,
    MSE
  }

  /**
   * @throws MalformedCaptureException if a number is outside its range
   */
  public RunSettings {
    classes.ifPresent(k -> Ranges.requireRange("classes", k, 2, Limits.CLASSES));
    dim.ifPresent(d -> Ranges.requireRange("dim", d, 1, Limits.DIM));
    lossScale.ifPresent(x -> Ranges.requirePositive("loss_scale", x));
    expectedIntervalSeconds.ifPresent(x -> Ranges.requirePositive("expected_interval_s", x));
    reportEverySteps.ifPresent(
        n -> Ranges.requireRange("report_every_steps", n, 1, Long.MAX_VALUE));
    weightDecay.ifPresent(x -> Ranges.requireNotNegative("weight_decay", x));
    classCounts.forEach(n -> Ranges.requireRange("class_counts", n, 0, Long.MAX_VALUE));
    if (!classCounts.isEmpty()) {
      Ranges.requireRange("the length of class_counts", classCounts.size(), 2, Limits.CLASSES);
    }
    if (!classCounts.isEmpty() && classes.isPresent() && classCounts.size() != classes.getAsInt()) {
      throw new MalformedCaptureException(
          "class_counts has %d entries and classes is %d; expected one entry a class"
              .formatted(classCounts.size(), classes.getAsInt()));
    }
    optimizer.ifPresent(name -> Ranges.requireText("optimizer", name));
    Ranges.requireRange("the number of tags", tags.size(), 0, Limits.TAGS);
    long characters =
        tags.entrySet().stream().mapToLong(t -> t.getKey().length() + t.getValue().length()).sum();
    Ranges.requireRange("characters of all tags", characters, 0, Limits.TAG_CHARACTERS);
    classCounts = List.copyOf(classCounts);
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
  }

  /** These settings, and where they say nothing, what {@code earlier} said. */
  public RunSettings over(RunSettings earlier) {
    return new RunSettings(
        classes.isPresent() ? classes : earlier.classes,
        dim.isPresent() ? dim : earlier.dim,
        loss.or(() -> earlier.loss),
        lossScale.isPresent() ? lossScale : earlier.lossScale,
        optimizer.or(() -> earlier.optimizer),
        bias.or(() -> earlier.bias),
        weightDecay.isPresent() ? weightDecay : earlier.weightDecay,
        classCounts.isEmpty() ? earlier.classCounts : classCounts,
        batchNorm.or(() -> earlier.batchNorm),
        reportEverySteps.isPresent() ? reportEverySteps : earlier.reportEverySteps,
        expectedIntervalSeconds.isPresent()
            ? expectedIntervalSeconds
            : earlier.expectedIntervalSeconds,
        tags.isEmpty() ? earlier.tags : tags);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings one by one; what is not set stays unsaid. */
  public static final class Builder {
    private OptionalInt classes = OptionalInt.empty();
    private OptionalInt dim = OptionalInt.empty();
    private Optional<Loss> loss = Optional.empty();
    private OptionalDouble lossScale = OptionalDouble.empty();
    private Optional<String> optimizer = Optional.empty();
    private Optional<Boolean> bias = Optional.empty();
    private OptionalDouble weightDecay = OptionalDouble.empty();
    private List<Long> classCounts = List.of();
    private Optional<Boolean> batchNorm = Optional.empty();
    private OptionalLong reportEverySteps = OptionalLong.empty();
    private OptionalDouble expectedIntervalSeconds = OptionalDouble.empty();
    private Map<String, String> tags = Map.of();

    private Builder() {}

    public Builder classes(int value) {
      classes = OptionalInt.of(value);
      return this;
    }

    public Builder dim(int value) {
      dim = OptionalInt.of(value);
      return this;
    }

    public Builder loss(Loss value) {
      loss = Optional.of(value);
      return this;
    }

    public Builder lossScale(double value) {
      lossScale = OptionalDouble.of(value);
      return this;
    }

    public Builder optimizer(String value) {
      optimizer = Optional.of(value);
      return this;
    }

    public Builder bias(boolean value) {
      bias = Optional.of(value);
      return this;
    }

    public Builder weightDecay(double value) {
      weightDecay = OptionalDouble.of(value);
      return this;
    }

    public Builder classCounts(List<Long> value) {
      classCounts = value;
      return this;
    }

    public Builder batchNorm(boolean value) {
      batchNorm = Optional.of(value);
      return this;
    }

    public Builder reportEverySteps(long value) {
      reportEverySteps = OptionalLong.of(value);
      return this;
    }

    public Builder expectedIntervalSeconds(double value) {
      expectedIntervalSeconds = OptionalDouble.of(value);
      return this;
    }

    public Builder tags(Map<String, String> value) {
      tags = value;
      return this;
    }

    public RunSettings build() {
      return new RunSettings(
          classes,
          dim,
          loss,
          lossScale,
          optimizer,
          bias,
          weightDecay,
          classCounts,
          batchNorm,
          reportEverySteps,
          expectedIntervalSeconds,
          tags);
    }
  }
}
