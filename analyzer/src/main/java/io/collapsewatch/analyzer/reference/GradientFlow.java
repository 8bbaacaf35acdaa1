package io.collapsewatch.analyzer.reference;

import java.util.OptionalDouble;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince54Integrator;

/**
 * ẋ = −∇, integrated by an embedded Runge–Kutta method with a tolerance of 1e-9. A step is a time
 * η. Where the gradient is scaled, so is the time.
 */
final class GradientFlow implements Optimizer {

  private static final double TOLERANCE = 1e-9;

  private final double time;

  GradientFlow(double time) {
    this.time = time;
  }

  @Override
  public Step step(ReferenceModel model, Parameters at) {
    Evaluation before = model.evaluate(at, at.zeros());
    DormandPrince54Integrator integrator =
        new DormandPrince54Integrator(0, time, TOLERANCE, TOLERANCE);
    double[] end =
        integrator
            .integrate(new Flow(model, at), new ODEState(0, at.toArray()), time)
            .getPrimaryState();
    at.set(end);
    return new Step(
        before,
        before.lnGradientScale() == 0 ? OptionalDouble.of(Math.log(time)) : OptionalDouble.empty());
  }

  private static final class Flow implements OrdinaryDifferentialEquation {
    private final ReferenceModel model;
    private final Parameters at;
    private final Parameters gradient;

    Flow(ReferenceModel model, Parameters shapes) {
      this.model = model;
      this.at = shapes.zeros();
      this.gradient = shapes.zeros();
    }

    @Override
    public int getDimension() {
      return at.toArray().length;
    }

    @Override
    public double[] computeDerivatives(double t, double[] x) {
      at.set(x);
      var unused = model.evaluate(at, gradient);
      gradient.scale(-1);
      return gradient.toArray();
    }
  }
}
