package io.collapsewatch.analyzer.alert;

import io.collapsewatch.protocol.NoiseFloor;
import io.collapsewatch.protocol.NoiseFloor.Source;
import io.collapsewatch.protocol.WindowReport.Kind;
import java.util.Optional;
import java.util.OptionalDouble;

/** The NC1 below which a run counts as collapsed: the highest of what speaks for one. */
final class Floors {

  private Floors() {}

  /**
   * The floor of a run.
   *
   * @param precision lowest NC1 that the precision of the captured features can tell from 0
   */
  static NoiseFloor of(
      Kind kind, Optional<ModelFit> model, OptionalDouble precision, JudgeSettings settings) {
    NoiseFloor floor =
        new NoiseFloor(
            kind == Kind.ROLLING ? settings.rollingFloor() : settings.snapshotFloor(),
            Source.SETTING);
    if (model.isPresent() && model.get().residual() <= settings.modelResidual()) {
      floor = higher(floor, model.get().nc1(), Source.MODEL);
    }
    return precision.isPresent() ? higher(floor, precision.getAsDouble(), Source.PRECISION) : floor;
  }

  private static NoiseFloor higher(NoiseFloor floor, double nc1, Source source) {
    return nc1 > floor.nc1() && Double.isFinite(nc1) ? new NoiseFloor(nc1, source) : floor;
  }
}
