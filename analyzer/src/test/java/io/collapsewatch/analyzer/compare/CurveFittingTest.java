package io.collapsewatch.analyzer.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.analyzer.reference.FlowPath;
import io.collapsewatch.analyzer.reference.FlowPath.Point;
import io.collapsewatch.analyzer.reference.FlowPath.Times;
import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.analyzer.reference.ModelSettings;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.FittedCurve.Alignment;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.ModelComparison;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CurveFittingTest {

  private static final int K = 3;
  private static final int D = 6;
  private static final int N = 5;

  /** c = e^{−30·0.1}, one of the values that curves are simulated at. */
  private static final double C = Math.exp(-3);

  private final List<CurveKey> simulated = new ArrayList<>();
  private final CurveFitting fitting =
      new CurveFitting(started(Runnable::run), new CurveCache(this::countAndSimulate));

  /** What cannot be interrupted. */
  private static Function<Runnable, Runnable> started(Consumer<Runnable> executor) {
    return work -> {
      executor.accept(work);
      return () -> {};
    };
  }

  private ModelCurve countAndSimulate(CurveKey key) {
    simulated.add(key);
    return key.simulate();
  }

  private static ModelComparison comparison(String model, double shrinkage) {
    return new ModelComparison(
        Optional.of(model),
        Optional.empty(),
        OptionalDouble.of(N),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.of(shrinkage),
        Map.of());
  }

  private static FitRequest request(
      String run, ModelComparison comparison, List<FitPoint> points, OptionalLong terminalStep) {
    return new FitRequest(run, 2, comparison, K, D, points, terminalStep, 77);
  }

  private static FitRequest request(String run, double shrinkage) {
    return request(run, comparison("ce-ufm", shrinkage), falling(), OptionalLong.empty());
  }

  /** Some reports, good enough to be fitted. */
  private static List<FitPoint> falling() {
    List<FitPoint> points = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      points.add(new FitPoint(100L * i, Map.of(MetricKey.NC1, 1.0 / i)));
    }
    return points;
  }

  /** The model on times of its own, by the same integrator: what a run would look like. */
  private static List<Point> path(ModelKind kind, double lnLast) {
    double decay = kind == ModelKind.CE_ULPM ? 0 : C / (K * Math.sqrt(N));
    return FlowPath.of(
            kind.create(ModelSettings.balanced(K, D, N, decay)),
            1,
            new Times(-6, lnLast, 57),
            100_000)
        .points();
  }

  private static FitPoint at(long step, Point point) {
    return new FitPoint(step, point.metrics().toMap());
  }

  private FittedCurve onlyCurve() {
    List<Fitted> all = fitting.poll();
    assertThat(all).hasSize(1);
    return all.get(0).curve();
  }

  /** Oracle: the model itself, in which a step is a time of 1e-4. */
  @ParameterizedTest
  @CsvSource({
    "CE_UFM, 7.5, nc1 nc2_etf_weights nc3_duality",
    "MSE_UFM_BIAS, 6, nc1 nc2_etf_weights nc3_duality",
    "MSE_UFM, 6, nc1 nc2_of_weights nc3_duality_uncentred",
    "CE_ULPM, 20, nc1 nc2_etf_weights nc3_duality",
  })
  void theFactorOfTheModelItselfComesBack(ModelKind kind, double lnLast, String metrics) {
    List<FitPoint> points =
        path(kind, lnLast).stream()
            .filter(point -> point.lnTime() > -1)
            .filter(point -> point.metrics().get(MetricKey.NC1).orElse(0) >= FlowPath.COLLAPSED)
            .map(point -> at(Math.round(Math.exp(point.lnTime()) / 1e-4), point))
            .toList();

    fitting.request(request("run", comparison(kind.key(), C), points, OptionalLong.empty()));
    List<Fitted> all = fitting.poll();
    FittedCurve curve = all.get(0).curve();

    assertThat(curve.timePerStep()).isCloseTo(1e-4, within(1e-6));
    assertThat(curve.residual()).isLessThan(0.01);
    assertThat(curve.aligned()).isEqualTo(Alignment.START);
    assertThat(curve.alignedStep()).isZero();
    assertThat(curve.model()).isEqualTo(kind.key());
    assertThat(curve.reports()).isEqualTo(points.size());
    assertThat(curve.complete()).isTrue();
    assertThat(curve.metrics()).containsOnlyKeys(metrics.split(" "));
    assertThat(curve.residuals()).containsOnlyKeys(metrics.split(" "));
    assertThat(curve.run() + " " + curve.attempt() + " " + curve.timestampMs())
        .isEqualTo("run 2 77");
    assertThat(all.get(0).curve().explains()).isTrue();
    FitPoint last = points.get(points.size() - 1);
    double measured = last.metrics().get(MetricKey.NC1);
    assertThat(all.get(0).nc1()).isCloseTo(measured, within(0.05 * measured));
    assertThat(curve.steps()).startsWith(points.get(0).step());
    assertThat(curve.steps().size()).isBetween(250, FittedCurve.MOST_STEPS);
    assertThat(curve.steps().get(curve.steps().size() - 1))
        .isBetween(last.step(), Math.round(1.1 * last.step()));
  }

  /** Oracle: the model itself, begun late: its terminal phase is at step 50000, a step 1e-4. */
  @Test
  void aRunThatBeganLateIsAlignedByItsTerminalPhase() {
    List<Point> path = path(ModelKind.CE_UFM, 7.5);
    double terminal =
        path.stream()
            .filter(point -> point.metrics().get(MetricKey.ACCURACY).orElse(0) == 1)
            .mapToDouble(Point::lnTime)
            .findFirst()
            .orElseThrow();
    List<FitPoint> points =
        path.stream()
            .filter(point -> point.lnTime() >= terminal)
            .map(point -> at(50_000 + since(terminal, point), point))
            .toList();

    fitting.request(request("run", comparison("ce-ufm", C), points, OptionalLong.of(50_000)));
    FittedCurve curve = onlyCurve();

    assertThat(curve.aligned()).isEqualTo(Alignment.TERMINAL_PHASE);
    assertThat(curve.alignedStep()).isEqualTo(50_000);
    // The two grids of times do not find the terminal phase at the same one.
    assertThat(curve.timePerStep()).isCloseTo(1e-4, within(2e-6));
    assertThat(curve.residual()).isLessThan(0.03);
    assertThat(curve.steps()).startsWith(50_000L);
  }

  private static long since(double terminal, Point point) {
    return Math.round((Math.exp(point.lnTime()) - Math.exp(terminal)) / 1e-4);
  }

  /**
   * What the demo run without batch normalisation reads from epoch 50 to 200: it does not move, and
   * the model does.
   */
  @Test
  void aFlatRunIsNotExplained() {
    List<FitPoint> points = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      points.add(
          new FitPoint(
              1400L + 70L * i,
              Map.of(
                  MetricKey.NC1, 0.44,
                  MetricKey.NC2_ETF_WEIGHTS, 0.452,
                  MetricKey.NC3_DUALITY, 0.49)));
    }
    fitting.request(
        new FitRequest(
            "plain", 0, comparison("ce-ufm", 1.6e-3), 10, 64, points, OptionalLong.of(1400), 77));

    Fitted fitted = fitting.poll().get(0);
    assertThat(fitted.curve().reports()).isEqualTo(60);
    assertThat(fitted.curve().lineResidual()).isLessThan(1e-12);
    assertThat(fitted.curve().explains()).isFalse();
  }

  @Test
  void metricsThatAreUndefinedOrZeroAreLeftOut() {
    List<FitPoint> points = new ArrayList<>(falling());
    points.add(new FitPoint(600, Map.of(MetricKey.NC1, 0.0)));
    points.add(new FitPoint(700, Map.of()));
    fitting.request(request("run", comparison("ce-ufm", C), points, OptionalLong.empty()));

    assertThat(onlyCurve().reports()).isEqualTo(5);
  }

  @Test
  void theCurveEndsWithItsSimulation() {
    ModelSettings settings = ModelSettings.balanced(K, D, N, C / (K * Math.sqrt(N)));
    FlowPath path = FlowPath.of(ModelKind.CE_UFM.create(settings), 1, new Times(-3, 12, 100), 300);
    ModelCurve cut =
        ModelCurve.of(
            List.of(MetricKey.NC1, MetricKey.NC2_ETF_WEIGHTS, MetricKey.NC3_DUALITY), path);
    List<FitPoint> points = new ArrayList<>();
    path.points().stream()
        .filter(point -> point.lnTime() > 0)
        .forEach(point -> points.add(at(Math.round(1e4 * Math.exp(point.lnTime())), point)));
    long simulatedTo = points.get(points.size() - 1).step();
    points.add(new FitPoint(10 * simulatedTo, Map.of(MetricKey.NC1, 1e-7)));

    FittedCurve curve =
        CurveFit.of(request("run", comparison("ce-ufm", C), points, OptionalLong.empty()), cut)
            .orElseThrow()
            .curve();

    assertThat(curve.complete()).isFalse();
    long last = curve.steps().get(curve.steps().size() - 1);
    assertThat(Math.log(last * curve.timePerStep())).isLessThanOrEqualTo(cut.lnLast());
    assertThat(curve.metrics().get("nc1")).hasSameSizeAs(curve.steps());
  }

  @Test
  void runsOfOneCalibrationShareASimulation() {
    fitting.request(request("a", C));
    fitting.request(request("b", C * 1.02));
    fitting.request(request("a", C));
    assertThat(simulated).hasSize(1);

    fitting.request(request("c", C * 1.1));
    assertThat(simulated).hasSize(2);
    assertThat(fitting.poll()).extracting(f -> f.curve().run()).containsExactly("a", "b", "c");
    assertThat(fitting.poll()).isEmpty();
  }

  @Test
  void theCurveLeastRecentlyUsedIsForgotten() {
    ModelCurve curve = CurveKey.of(comparison("ce-ufm", C), K, D).orElseThrow().simulate();
    CurveCache cache =
        new CurveCache(
            key -> {
              simulated.add(key);
              return curve;
            });
    for (int i = 0; i < 33; i++) {
      assertThat(cache.of(new CurveKey(ModelKind.CE_UFM, K, D, N, -i))).isSameAs(curve);
    }
    assertThat(simulated).hasSize(33);

    cache.of(new CurveKey(ModelKind.CE_UFM, K, D, N, -1));
    assertThat(simulated).hasSize(33);
    cache.of(new CurveKey(ModelKind.CE_UFM, K, D, N, 0));
    assertThat(simulated).hasSize(34);
  }

  /** theory sheet, §4: nλ_H stays as it is, so c does. */
  @Test
  void aLargeModelIsSimulatedInASmallerSize() {
    ModelComparison large =
        new ModelComparison(
            Optional.of("ce-ufm"),
            Optional.empty(),
            OptionalDouble.of(5000),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.of(C),
            Map.of());

    assertThat(CurveKey.of(large, 10, 2048))
        .contains(new CurveKey(ModelKind.CE_UFM, 10, 32, 16, -30));
    assertThat(CurveKey.of(large, 100, 2048))
        .contains(new CurveKey(ModelKind.CE_UFM, 100, 100, 4, -30));
    assertThat(CurveKey.of(large, 10, 9)).contains(new CurveKey(ModelKind.CE_UFM, 10, 10, 16, -30));
    assertThat(CurveKey.of(large, 101, 2048)).isEmpty();
  }

  @Test
  void whatCannotBeFittedGivesNoCurve() {
    ModelComparison none =
        new ModelComparison(
            Optional.empty(),
            Optional.of("why"),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Map.of());
    fitting.request(request("no-model", none, falling(), OptionalLong.empty()));
    fitting.request(request("ends-at-0", 1.5));
    assertThat(simulated).isEmpty();

    fitting.request(
        request("two", comparison("ce-ufm", C), falling().subList(0, 2), OptionalLong.empty()));
    fitting.request(
        request("short", comparison("ce-ufm", C), falling().subList(2, 5), OptionalLong.empty()));
    assertThat(fitting.poll()).isEmpty();
  }

  @Test
  void aNewerRequestTakesThePlaceOfOneThatWaits() {
    Deque<Runnable> work = new ArrayDeque<>();
    CurveFitting later =
        new CurveFitting(started(work::add), new CurveCache(this::countAndSimulate));
    later.request(request("a", C));
    later.request(request("b", C));
    later.request(request("a", C * 1.5));
    assertThat(work).hasSize(1);

    work.remove().run();
    assertThat(simulated)
        .extracting(CurveKey::lnShrinkage)
        .containsExactly((int) Math.round(Math.log(C * 1.5) / 0.1), -30);
    assertThat(later.poll()).hasSize(2);
    later.request(request("c", C));
    assertThat(work).hasSize(1);
  }

  @Test
  void aFitThatFailsTakesNoOtherWithIt() {
    Deque<Runnable> work = new ArrayDeque<>();
    CurveFitting failing =
        new CurveFitting(
            started(work::add),
            new CurveCache(
                key -> {
                  if (key.lnShrinkage() == -30) {
                    throw new IllegalStateException("a failure made by the test");
                  }
                  return key.simulate();
                }));
    failing.request(request("a", C));
    failing.request(request("b", C * 1.5));
    work.remove().run();

    assertThat(failing.poll()).extracting(f -> f.curve().run()).containsExactly("b");
  }

  @Test
  void onlySoManyRunsWait() {
    Deque<Runnable> work = new ArrayDeque<>();
    CurveFitting later =
        new CurveFitting(started(work::add), new CurveCache(this::countAndSimulate));
    for (int i = 0; i <= 1000; i++) {
      later.request(request("run" + i, C));
    }
    work.remove().run();

    assertThat(later.poll()).hasSize(1000).extracting(f -> f.curve().run()).doesNotContain("run0");
  }

  @Test
  void closingEndsWhatIsUnderWay() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Thread[] worker = new Thread[1];
    CurveFitting busy =
        new CurveFitting(
            work -> {
              worker[0] = new Thread(work);
              worker[0].start();
              return worker[0]::interrupt;
            },
            new CurveCache(
                key -> {
                  begun.countDown();
                  return key.simulate();
                }));
    // A simulation of many seconds.
    busy.request(
        new FitRequest(
            "wide",
            0,
            comparison("mse-ufm-bias", 1e-3),
            100,
            100,
            falling(),
            OptionalLong.empty(),
            1));
    begun.await();
    busy.close();
    worker[0].join(1000);

    assertThat(worker[0].isAlive()).isFalse();
    busy.request(request("late", C));
    assertThat(busy.poll()).isEmpty();
  }

  @Test
  void allShareOneThread() {
    try (CurveFitting one = new CurveFitting();
        CurveFitting another = new CurveFitting()) {
      one.request(request("run", C));
      another.request(request("run", C * 2));
      assertThat(threads()).hasSize(1).allMatch(Thread::isDaemon);
    }
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("curve-fitting"))
        .toList();
  }

  @Test
  void theLeastOfSeveralValleysIsFound() {
    // −cos is least at 0; the slope makes the valley at −2π the lowest one, a little to its left.
    double found = Minimum.of(x -> 0.1 * x - Math.cos(x), -8, 20);

    assertThat(found).isCloseTo(-2 * Math.PI - Math.asin(0.1), Offset.offset(1e-6));
  }
}
