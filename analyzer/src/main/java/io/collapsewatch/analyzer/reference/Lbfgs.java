package io.collapsewatch.analyzer.reference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Limited-memory BFGS: the direction from the last {@value #MEMORY} moves by the two-loop
 * recursion, as far as halving from the full step makes the objective fall enough (Armijo). A move
 * along which the slope did not rise is not remembered. Source: Nocedal and Wright 2006, algorithms
 * 7.4 and 3.1.
 */
final class Lbfgs implements Optimizer {

  private static final int MEMORY = 10;
  private static final double ENOUGH = 1e-4;
  private static final int HALVINGS = 40;
  private static final double CURVATURE = 1e-10;

  private final double firstStep;
  private final Deque<Move> moves = new ArrayDeque<>();

  private record Move(Parameters move, Parameters change, double product) {}

  /**
   * @param firstStep of the first step along the gradient, before there is any curvature
   */
  Lbfgs(double firstStep) {
    this.firstStep = firstStep;
  }

  @Override
  public Step step(ReferenceModel model, Parameters at) {
    Parameters gradient = at.zeros();
    Evaluation before = model.evaluate(at, gradient);
    if (before.lnGradientScale() != 0) {
      throw new IllegalArgumentException(
          "l-bfgs cannot optimise a model whose gradient is scaled; use gradient descent");
    }
    Parameters direction = direction(gradient);
    double slope = direction.dot(gradient);
    if (slope < 0) {
      search(model, at, before.objective(), gradient, direction, slope);
    } else {
      moves.clear();
    }
    return new Step(before, OptionalDouble.empty());
  }

  private Parameters direction(Parameters gradient) {
    Parameters direction = gradient.copy();
    List<Double> factors = new ArrayList<>();
    for (Move move : moves) {
      double factor = move.move().dot(direction) / move.product();
      factors.add(factor);
      direction.add(-factor, move.change());
    }
    direction.scale(
        moves.isEmpty()
            ? firstStep
            : moves.getFirst().product() / moves.getFirst().change().squaredNorm());
    int i = factors.size();
    for (Move move : (Iterable<Move>) moves::descendingIterator) {
      double factor = move.change().dot(direction) / move.product();
      direction.add(factors.get(--i) - factor, move.move());
    }
    direction.scale(-1);
    return direction;
  }

  private void search(
      ReferenceModel model,
      Parameters at,
      double objective,
      Parameters gradient,
      Parameters direction,
      double slope) {
    Parameters next = at.zeros();
    Parameters nextGradient = at.zeros();
    double step = 1;
    for (int i = 0; i < HALVINGS; i++, step /= 2) {
      next.set(at);
      next.add(step, direction);
      if (model.evaluate(next, nextGradient).objective() <= objective + ENOUGH * step * slope) {
        remember(at, next, gradient, nextGradient);
        at.set(next);
        return;
      }
    }
    // At the precision of the objective nothing falls any more.
    moves.clear();
  }

  private void remember(
      Parameters at, Parameters next, Parameters gradient, Parameters nextGradient) {
    Parameters move = next.copy();
    move.add(-1, at);
    Parameters change = nextGradient.copy();
    change.add(-1, gradient);
    double product = move.dot(change);
    if (product > CURVATURE * change.squaredNorm()) {
      moves.addFirst(new Move(move, change, product));
      if (moves.size() > MEMORY) {
        moves.removeLast();
      }
    }
  }
}
