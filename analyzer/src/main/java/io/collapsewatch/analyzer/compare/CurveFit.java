package io.collapsewatch.analyzer.compare;

import io.collapsewatch.analyzer.reference.FlowPath;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.MetricKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Lays the curve of a model over a run: one factor a, the model's time in a step, by least squares
 * on the logarithms of the metrics. Model and run begin together, or, once the run's terminal phase
 * has begun, their terminal phases do, whichever leaves less on the points of the terminal phase. A
 * metric that is undefined or 0 at a point is left out there.
 *
 * <p>Seen at one moment every run lies somewhere on every curve. So the points must move the model,
 * too: they have to span a factor of {@value #LEAST_SPAN} in steps since what is aligned, and the
 * model of a run in its terminal phase has to be as far beyond its own at the last of them. Source:
 * theory sheet, §4.
 */
final class CurveFit {

  /** Points that the terminal phase needs to be aligned by. */
  private static final int LEAST_TERMINAL_POINTS = 5;

  private static final int LEAST_POINTS = 3;
  private static final double LEAST_SPAN = 3;

  /** Beyond the last report the curve goes on for so much of the steps. */
  private static final double BEYOND = 1.1;

  private final FitRequest request;
  private final ModelCurve curve;

  private CurveFit(FitRequest request, ModelCurve curve) {
    this.request = request;
    this.curve = curve;
  }

  /** The curve over the run; none where too few reports can be fitted. */
  static Optional<Fitted> of(FitRequest request, ModelCurve curve) {
    return new CurveFit(request, curve).fit();
  }

  private Optional<Fitted> fit() {
    if (!curve.metrics().contains(MetricKey.NC1)) {
      return Optional.empty();
    }
    List<FitPoint> all =
        request.points().stream()
            .filter(point -> curve.metrics().stream().anyMatch(point::has))
            .filter(CurveFit::notBeyondTheEnd)
            .toList();
    Optional<Alignment> fromStart = align(Alignment.ofStart(), all);
    List<FitPoint> terminal =
        all.stream()
            .filter(point -> point.step() >= request.terminalStep().orElse(Long.MAX_VALUE))
            .toList();
    Optional<Alignment> fromTerminal =
        terminal.size() < LEAST_TERMINAL_POINTS
            ? Optional.empty()
            : terminalPhase().flatMap(alignment -> align(alignment, terminal));
    if (fromTerminal.isPresent()
        && (fromStart.isEmpty()
            || residual(fromTerminal.get(), terminal) < residual(fromStart.get(), terminal))) {
      return fromTerminal.map(best -> fitted(best, terminal));
    }
    return fromStart.map(best -> fitted(best, all));
  }

  /** What has collapsed so far that a simulation ends there is beyond every curve. */
  private static boolean notBeyondTheEnd(FitPoint point) {
    return !point.has(MetricKey.NC1) || point.metrics().get(MetricKey.NC1) >= FlowPath.COLLAPSED;
  }

  private Optional<Alignment> terminalPhase() {
    OptionalDouble lnTerminal = curve.lnTerminal();
    return lnTerminal.isPresent()
        ? Optional.of(
            Alignment.ofTerminalPhase(
                request.terminalStep().orElseThrow(), lnTerminal.getAsDouble()))
        : Optional.empty();
  }

  /** The alignment with the best factor, if the points span enough. */
  private Optional<Alignment> align(Alignment unit, List<FitPoint> points) {
    if (points.size() < LEAST_POINTS) {
      return Optional.empty();
    }
    double first = Math.max(1.0, (double) points.get(0).step() - unit.step());
    double last = (double) points.get(points.size() - 1).step() - unit.step();
    double least = lnLeastTime() - Math.log(last);
    double most = curve.lnLast() - Math.log(first);
    return last < LEAST_SPAN * first || least >= most
        ? Optional.empty()
        : Optional.of(
            unit.withFactor(
                Minimum.of(factor -> residual(unit.withFactor(factor), points), least, most)));
  }

  /** What the model has to have gone through since it was aligned, at the last point. */
  private double lnLeastTime() {
    return request.terminalStep().isPresent() && curve.lnTerminal().isPresent()
        ? curve.lnTerminal().getAsDouble() + Math.log(LEAST_SPAN)
        : curve.lnFirst();
  }

  private double residual(Alignment alignment, List<FitPoint> points) {
    return rootMeanSquare(
        curve.metrics().stream().flatMapToDouble(metric -> ratios(alignment, points, metric)));
  }

  /** log10(measured/model) of a metric at each point that has it. */
  private DoubleStream ratios(Alignment alignment, List<FitPoint> points, MetricKey metric) {
    return points.stream()
        .filter(point -> point.has(metric))
        .mapToDouble(
            point ->
                Math.log10(point.metrics().get(metric))
                    - curve.log10(metric, alignment.lnTime(point.step())));
  }

  private static double rootMeanSquare(DoubleStream values) {
    return Math.sqrt(values.map(x -> x * x).average().orElse(0));
  }

  private Fitted fitted(Alignment alignment, List<FitPoint> points) {
    long last = points.get(points.size() - 1).step();
    List<Long> steps = new ArrayList<>(steps(points.get(0).step(), last));
    steps.removeIf(step -> !curve.reaches(alignment.lnTime(step)));
    Map<String, Double> residuals = new LinkedHashMap<>();
    Map<String, List<Double>> metrics = new LinkedHashMap<>();
    for (MetricKey metric : curve.metrics()) {
      residuals.put(metric.key(), rootMeanSquare(ratios(alignment, points, metric)));
      metrics.put(metric.key(), steps.stream().map(s -> model(alignment, metric, s)).toList());
    }
    FittedCurve fittedCurve =
        new FittedCurve(
            FittedCurve.VERSION,
            request.run(),
            request.attempt(),
            request.comparison().model().orElseThrow(),
            alignment.kind(),
            alignment.step(),
            Math.exp(alignment.lnFactor()),
            residual(alignment, points),
            lineResidual(points),
            points.size(),
            residuals,
            steps,
            metrics,
            curve.reaches(alignment.lnTime(last)),
            request.timestampMs());
    return new Fitted(fittedCurve, model(alignment, MetricKey.NC1, last));
  }

  private double lineResidual(List<FitPoint> points) {
    return rootMeanSquare(
        curve.metrics().stream().flatMapToDouble(metric -> aroundTheirMean(points, metric)));
  }

  /** log10(measured/geometric mean) of a metric at each point that has it. */
  private static DoubleStream aroundTheirMean(List<FitPoint> points, MetricKey metric) {
    double[] logs =
        points.stream()
            .filter(point -> point.has(metric))
            .mapToDouble(point -> Math.log10(point.metrics().get(metric)))
            .toArray();
    double mean = Arrays.stream(logs).average().orElse(0);
    return Arrays.stream(logs).map(log -> log - mean);
  }

  private double model(Alignment alignment, MetricKey metric, long step) {
    return Math.pow(10, curve.log10(metric, alignment.lnTime(step)));
  }

  /** Steps from the first one to a little beyond the last, in even ratios. */
  private static List<Long> steps(long first, long last) {
    double from = Math.max(1.0, (double) first);
    double ratio = last * BEYOND / from;
    int most = FittedCurve.MOST_STEPS;
    return IntStream.range(0, most)
        .mapToObj(i -> Math.round(from * Math.pow(ratio, i / (most - 1.0))))
        .distinct()
        .toList();
  }
}
