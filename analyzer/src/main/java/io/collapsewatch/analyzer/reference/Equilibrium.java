package io.collapsewatch.analyzer.reference;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The minimum of a model. Beyond its threshold that is the zero solution, and the numbers are its.
 *
 * @param collapsed whether no class has vanished
 * @param objective the value there
 * @param byClass margin and norms of each class; one entry where all classes are alike
 */
public record Equilibrium(boolean collapsed, double objective, List<OfClass> byClass) {

  /**
   * One class at the minimum, where all its samples are alike.
   *
   * @param margin z_y − max_{c≠y} z_c, in units of the outputs
   * @param weightNormSquared ‖w_k‖²
   * @param featureNormSquared ‖h_{k,i}‖²
   */
  public record OfClass(double margin, double weightNormSquared, double featureNormSquared) {}

  public Equilibrium {
    byClass = List.copyOf(byClass);
  }

  static Equilibrium alike(
      double margin, double weightNormSquared, double featureNormSquared, double objective) {
    return new Equilibrium(
        margin > 0, objective, List.of(new OfClass(margin, weightNormSquared, featureNormSquared)));
  }

  static Equilibrium zero(double objective) {
    return alike(0, 0, 0, objective);
  }

  /** Mean of the margins with equal weight for each class. */
  public double margin() {
    return mean(byClass.stream().mapToDouble(OfClass::margin));
  }

  /** Mean of ‖w_k‖² over the classes. */
  public double weightNormSquared() {
    return mean(byClass.stream().mapToDouble(OfClass::weightNormSquared));
  }

  /** Mean of ‖h_{k,i}‖² with equal weight for each class. */
  public double featureNormSquared() {
    return mean(byClass.stream().mapToDouble(OfClass::featureNormSquared));
  }

  private static double mean(DoubleStream values) {
    return values.average().orElseThrow();
  }
}
