package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.NoiseFloor;
import io.collapsewatch.protocol.NoiseFloor.Source;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.WindowReport.Kind;
import java.util.Optional;
import java.util.OptionalDouble;

/** The NC1 below which a run counts as collapsed: the highest of what speaks for one. */
final class Floors {

  private Floors() {}

  /** The floor of a run with such a report. */
  static NoiseFloor of(WindowReport report, Optional<ModelFit> model, JudgeSettings settings) {
    NoiseFloor floor =
        new NoiseFloor(
            report.kind() == Kind.ROLLING ? settings.rollingFloor() : settings.snapshotFloor(),
            Source.SETTING);
    if (model.isPresent() && model.get().residual() <= settings.modelResidual()) {
      floor = higher(floor, model.get().nc1(), Source.MODEL);
    }
    OptionalDouble precision = report.metrics().get(MetricKey.NC1_PRECISION_FLOOR);
    return precision.isPresent() ? higher(floor, precision.getAsDouble(), Source.PRECISION) : floor;
  }

  private static NoiseFloor higher(NoiseFloor floor, double nc1, Source source) {
    return nc1 > floor.nc1() && Double.isFinite(nc1) ? new NoiseFloor(nc1, source) : floor;
  }
}
