package io.collapsewatch.analyzer.compare;

import io.collapsewatch.protocol.ModelComparison;
import java.util.List;
import java.util.OptionalLong;

/**
 * A run whose model's curve is wanted.
 *
 * @param run id of the run
 * @param attempt how often it was restarted
 * @param comparison the model and its regularisers as its newest report has them
 * @param classes K
 * @param dim d
 * @param points its reports by step, ascending; they should span what is known of the run
 * @param terminalStep step at which its terminal phase began, once it has
 * @param timestampMs of the newest report, ms since 1970
 */
public record FitRequest(
    String run,
    int attempt,
    ModelComparison comparison,
    int classes,
    int dim,
    List<FitPoint> points,
    OptionalLong terminalStep,
    long timestampMs) {

  public FitRequest {
    points = List.copyOf(points);
  }
}
