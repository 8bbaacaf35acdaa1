package io.collapsewatch.analyzer.reference;

import java.util.OptionalDouble;
import java.util.Random;

/** A model on its way downhill from a random start. The same seed gives the same bits. */
public final class Simulation {

  private final ReferenceModel model;
  private final Optimizer optimizer;
  private final Parameters at;
  private long steps;
  private OptionalDouble lnTime = OptionalDouble.of(Double.NEGATIVE_INFINITY);

  /**
   * At the start.
   *
   * @param optimizer not used before
   */
  public Simulation(ReferenceModel model, Optimizer optimizer, long seed) {
    this(model, optimizer, model.start(new Random(seed)));
  }

  Simulation(ReferenceModel model, Optimizer optimizer, Parameters start) {
    this.model = model;
    this.optimizer = optimizer;
    this.at = start;
  }

  /**
   * Takes some steps.
   *
   * @throws DivergedException if the objective is not finite any more
   */
  public void advance(long count) {
    for (long i = 0; i < count; i++) {
      Optimizer.Step step = optimizer.step(model, at);
      if (!Double.isFinite(step.before().objective())) {
        throw new DivergedException(steps);
      }
      steps++;
      lnTime =
          lnTime.isPresent() && step.lnTime().isPresent()
              ? OptionalDouble.of(
                  LogDomain.lnSum(lnTime.getAsDouble(), step.lnTime().getAsDouble()))
              : OptionalDouble.empty();
    }
  }

  /** Steps taken. */
  public long steps() {
    return steps;
  }

  /**
   * ln t with the time t of gradient flow: the sum of the learning rates, where the optimiser has
   * one; −∞ at the start.
   */
  public OptionalDouble lnTime() {
    return lnTime;
  }

  /**
   * The objective here.
   *
   * @throws DivergedException if it is not finite
   */
  public double objective() {
    double objective = model.evaluate(at, at.zeros()).objective();
    if (!Double.isFinite(objective)) {
      throw new DivergedException(steps);
    }
    return objective;
  }

  /** Norm of the gradient, over its scale. */
  double gradientNorm() {
    Parameters gradient = at.zeros();
    var unused = model.evaluate(at, gradient);
    return Math.sqrt(gradient.squaredNorm());
  }

  /** The point; not a copy. */
  public Parameters at() {
    return at;
  }

  public ReferenceModel model() {
    return model;
  }
}
