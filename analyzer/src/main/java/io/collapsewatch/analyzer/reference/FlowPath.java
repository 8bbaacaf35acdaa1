package io.collapsewatch.analyzer.reference;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.MetricValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince54Integrator;

/**
 * The way of gradient flow ẋ = −∇ from a random start, measured at times t evenly spaced in ln t.
 * It is integrated over s = ln t, dx/ds = −t∇, by an embedded Runge–Kutta method with a tolerance
 * of 1e-6, so that a model whose gradient is scaled by e^{m} needs no number beyond e^{s−m}. The
 * same seed gives the same bits.
 *
 * @param points at ascending times; not empty
 * @param complete whether it went to the last time, or to collapse before that; false where the
 *     evaluations were used up, or the integrator gave up
 */
public record FlowPath(List<Point> points, boolean complete) {

  private static final double TOLERANCE = 1e-6;

  /** Below this {@code nc1} has nothing to tell any more. */
  public static final double COLLAPSED = 1e-8;

  /**
   * The model at one time.
   *
   * @param lnTime ln t
   * @param metrics of the layer before the classifier
   */
  public record Point(double lnTime, MetricValues metrics) {}

  /**
   * Where to measure.
   *
   * @param lnFirst ln t of the first point; the model is taken to be at its start until then
   * @param lnLast ln t of the last point
   * @param points at least 2
   */
  public record Times(double lnFirst, double lnLast, int points) {

    double at(int i) {
      return lnFirst + (lnLast - lnFirst) * i / (points - 1);
    }
  }

  public FlowPath {
    points = List.copyOf(points);
  }

  /**
   * Simulates the way.
   *
   * @param evaluations most evaluations of the gradient
   * @throws CancellationException if the thread is interrupted
   */
  public static FlowPath of(ReferenceModel model, long seed, Times times, int evaluations) {
    Parameters at = model.start(new Random(seed));
    Flow flow = new Flow(model, at);
    List<Point> points = new ArrayList<>();
    points.add(point(model, at, times.at(0)));
    for (int i = 1; i < times.points() && !collapsed(points); i++) {
      if (!flow.integrate(at, times.at(i - 1), times.at(i), evaluations)) {
        return new FlowPath(points, false);
      }
      points.add(point(model, at, times.at(i)));
    }
    return new FlowPath(points, true);
  }

  private static boolean collapsed(List<Point> points) {
    MetricValues last = points.get(points.size() - 1).metrics();
    return last.get(MetricKey.NC1).orElse(1) < COLLAPSED;
  }

  private static Point point(ReferenceModel model, Parameters at, double lnTime) {
    return new Point(lnTime, model.layers(at).get(0).measure().metrics());
  }

  private static final class Flow implements OrdinaryDifferentialEquation {
    private final ReferenceModel model;
    private final Parameters at;
    private final Parameters gradient;
    private int evaluated;

    Flow(ReferenceModel model, Parameters shapes) {
      this.model = model;
      this.at = shapes.zeros();
      this.gradient = shapes.zeros();
    }

    /** Moves {@code x} from one time to another; false, and not moved, if that takes too much. */
    boolean integrate(Parameters x, double lnFrom, double lnTo, int evaluations) {
      DormandPrince54Integrator integrator =
          new DormandPrince54Integrator(0, lnTo - lnFrom, TOLERANCE, TOLERANCE);
      integrator.setMaxEvaluations(evaluations - evaluated);
      try {
        x.set(
            integrator.integrate(this, new ODEState(lnFrom, x.toArray()), lnTo).getPrimaryState());
      } catch (MathRuntimeException usedUpOrTooStiff) {
        return false;
      }
      return true;
    }

    @Override
    public int getDimension() {
      return at.toArray().length;
    }

    @Override
    public double[] computeDerivatives(double lnTime, double[] x) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted after %d evaluations".formatted(evaluated));
      }
      evaluated++;
      at.set(x);
      Evaluation evaluation = model.evaluate(at, gradient);
      gradient.scale(-Math.exp(lnTime + evaluation.lnGradientScale()));
      return gradient.toArray();
    }
  }
}
