package io.collapsewatch.analyzer.reference;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.protocol.MetricValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Where a simulation is.
 *
 * @param step steps taken
 * @param lnTime see {@link Simulation#lnTime}; absent at the start, where no time has passed
 * @param objective absent where it is too small for a number
 * @param weightNormSquared ‖w_k‖², mean over the classes
 * @param featureNormSquared ‖h_i‖² of the free features, mean with equal weight for each class
 * @param metrics of each layer, the one before the classifier first
 */
public record TrajectoryPoint(
    long step,
    OptionalDouble lnTime,
    OptionalDouble objective,
    double weightNormSquared,
    double featureNormSquared,
    Map<String, MetricValues> metrics) {

  /**
   * The point where {@code simulation} is now.
   *
   * @throws DivergedException if the objective there is not finite
   */
  public static TrajectoryPoint of(Simulation simulation) {
    double objective = simulation.objective();
    List<SimulatedLayer> layers = simulation.model().layers(simulation.at());
    Map<String, MetricValues> metrics = new LinkedHashMap<>();
    layers.forEach(layer -> metrics.put(layer.name(), layer.measure().metrics()));
    return new TrajectoryPoint(
        simulation.steps(),
        finite(simulation.lnTime().orElse(Double.NEGATIVE_INFINITY)),
        objective == 0 ? OptionalDouble.empty() : OptionalDouble.of(objective),
        meanSquaredRow(layers.get(0).classifier().orElseThrow()),
        layers.get(layers.size() - 1).meanSquaredNorm(),
        metrics);
  }

  private static OptionalDouble finite(double value) {
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  private static double meanSquaredRow(Classifier classifier) {
    double sum = 0;
    for (double weight : classifier.weight()) {
      sum += weight * weight;
    }
    return sum / classifier.classes();
  }
}
