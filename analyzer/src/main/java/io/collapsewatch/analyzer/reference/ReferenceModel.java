package io.collapsewatch.analyzer.reference;

import java.util.List;
import java.util.Optional;
import java.util.Random;

/** An objective whose minimum, where it is known, shows collapse. Immutable. */
public interface ReferenceModel {

  /** A random point to start from, of the size that theory sheet §3 names for this model. */
  Parameters start(Random random);

  /**
   * The objective at {@code at} and its gradient.
   *
   * @param at as {@link #start} shapes it; not modified
   * @param gradient of the same shapes, overwritten with the gradient over {@link
   *     Evaluation#lnGradientScale}
   */
  Evaluation evaluate(Parameters at, Parameters gradient);

  /** The minimum in closed form; absent where there is none. */
  Optional<Equilibrium> equilibrium();

  /** The layers of features at {@code at}, the one before the classifier first. */
  List<SimulatedLayer> layers(Parameters at);
}
