package io.collapsewatch.analyzer.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.analyzer.reference.FlowPath.Point;
import io.collapsewatch.analyzer.reference.FlowPath.Times;
import io.collapsewatch.protocol.MetricKey;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlowPathTest {

  private static final ModelSettings SETTINGS = ModelSettings.balanced(4, 8, 5, 0.005);
  private static final int ENOUGH = 100_000;

  private static double last(FlowPath path, MetricKey key) {
    List<Point> points = path.points();
    return points.get(points.size() - 1).metrics().get(key).orElseThrow();
  }

  /** Oracle: gradient descent in small steps from the same start, to the same time. */
  @ParameterizedTest
  @EnumSource(names = {"CE_UFM", "MSE_UFM_BIAS", "CE_ULPM"})
  void descentInSmallStepsComesByTheSameWay(ModelKind kind) {
    ReferenceModel model =
        kind.create(kind == ModelKind.CE_ULPM ? SETTINGS.withDecays(0, 0) : SETTINGS);
    // Without decay the time of a step grows with the margin.
    boolean endless = kind == ModelKind.CE_ULPM;
    double rate = endless ? 1e-4 : 2e-3;
    Simulation descent = new Simulation(model, OptimizerKind.GRADIENT_DESCENT.create(rate), 3);
    descent.advance(endless ? 15_000 : 20_000);

    double lnTime = descent.lnTime().orElseThrow();
    FlowPath path = FlowPath.of(model, 3, new Times(-10, lnTime, 25), ENOUGH);

    assertThat(path.complete()).isTrue();
    assertThat(path.points()).hasSize(25);
    TrajectoryPoint there = TrajectoryPoint.of(descent);
    for (MetricKey key : List.of(MetricKey.NC1, MetricKey.NC3_DUALITY, MetricKey.MARGIN_MEAN)) {
      double expected = there.metrics().get("penultimate").get(key).orElseThrow();
      // Descent is behind flow by the order of its learning rate.
      assertThat(last(path, key)).as(key.key()).isCloseTo(expected, within(0.01 * expected));
    }
  }

  @Test
  void itStopsAtCollapse() {
    FlowPath path =
        FlowPath.of(ModelKind.CE_UFM.create(SETTINGS), 1, new Times(-3, 20, 200), ENOUGH);

    assertThat(path.complete()).isTrue();
    assertThat(path.points()).hasSizeLessThan(200);
    assertThat(last(path, MetricKey.NC1)).isLessThan(1e-8);
    // Oracle: the closed form. The norms are still on their way when the classes have collapsed.
    assertThat(last(path, MetricKey.MARGIN_MEAN))
        .isCloseTo(ClosedForm.crossEntropy(4, 5, 0.005, 0.005).margin(), within(0.01));
  }

  /** Far beyond where e^{−m} is 0 in plain arithmetic. */
  @Test
  void aModelWithoutEndGoesOn() {
    ReferenceModel model = ModelKind.CE_ULPM.create(SETTINGS.withDecays(0, 0));
    FlowPath path = FlowPath.of(model, 1, new Times(-6, 800, 60), ENOUGH);

    assertThat(path.complete()).isTrue();
    assertThat(last(path, MetricKey.MARGIN_MIN)).isBetween(700.0, 820.0);
    assertThat(last(path, MetricKey.MARGIN_OPTIMALITY)).isBetween(0.98, 1.0);
  }

  @Test
  void theBudgetEndsItEarly() {
    FlowPath path = FlowPath.of(ModelKind.CE_UFM.create(SETTINGS), 1, new Times(-3, 12, 100), 300);

    assertThat(path.complete()).isFalse();
    assertThat(path.points()).hasSizeBetween(5, 60);
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    ReferenceModel model = ModelKind.MSE_UFM.create(SETTINGS);
    Times times = new Times(-3, 5, 20);

    assertThat(FlowPath.of(model, 7, times, ENOUGH))
        .isEqualTo(FlowPath.of(model, 7, times, ENOUGH))
        .isNotEqualTo(FlowPath.of(model, 8, times, ENOUGH));
  }

  @Test
  void anInterruptEndsIt() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () -> FlowPath.of(ModelKind.CE_UFM.create(SETTINGS), 1, new Times(-3, 12, 100), ENOUGH))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
