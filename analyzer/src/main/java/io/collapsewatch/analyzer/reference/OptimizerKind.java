package io.collapsewatch.analyzer.reference;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;

/** The optimisers there are. */
public enum OptimizerKind {
  GRADIENT_DESCENT(GradientDescent::new),
  MOMENTUM(Momentum::new),
  ADAM(Adam::new),
  L_BFGS(Lbfgs::new),
  GRADIENT_FLOW(GradientFlow::new);

  @SuppressWarnings("ImmutableEnumChecker") // a constructor
  private final DoubleFunction<Optimizer> make;

  OptimizerKind(DoubleFunction<Optimizer> make) {
    this.make = make;
  }

  /** As it is named on the command line: {@code gradient-descent}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The kind of that key. */
  public static Optional<OptimizerKind> of(String key) {
    return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findFirst();
  }

  /**
   * A fresh one.
   *
   * @param learningRate η &gt; 0: factor of the gradient; time of a step of gradient flow; length
   *     of the first step of L-BFGS in gradients
   * @throws IllegalArgumentException if it is not a finite number above 0
   */
  public Optimizer create(double learningRate) {
    if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the learning rate is %s; expected a finite number above 0".formatted(learningRate));
    }
    return make.apply(learningRate);
  }
}
