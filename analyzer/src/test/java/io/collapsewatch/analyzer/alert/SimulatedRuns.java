package io.collapsewatch.analyzer.alert;

import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.analyzer.reference.ModelSettings;
import io.collapsewatch.analyzer.reference.OptimizerKind;
import io.collapsewatch.analyzer.reference.SimulatedLayer;
import io.collapsewatch.analyzer.reference.Simulation;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunStatus.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/**
 * Made-up runs with noise whose answer is known: healthy ones that fall all the way, and ones that
 * come to stand. All stay above their floor, where alone a run can stall, and are in the terminal
 * phase from their 3rd to 8th report on.
 *
 * <p>A healthy run is a power law step^−a; every third has a learning-rate cut, where its NC1 drops
 * by a factor of 1.2 to 3 at once.
 */
final class SimulatedRuns {

  /** Reports of a healthy run. */
  static final int LENGTH = 150;

  private static final double FLOOR = JudgeSettings.DEFAULT.rollingFloor();
  private static final long STEPS = 100;

  private final Random random;
  private final Noise noise;

  /** What is added to ln NC1 of a report. */
  interface Noise {
    double next(Random random);

    /** Normally distributed. */
    static Noise normal(double sd) {
      return random -> sd * random.nextGaussian();
    }

    /** Equally likely up to a bound on either side. */
    static Noise uniform(double bound) {
      return random -> bound * (2 * random.nextDouble() - 1);
    }
  }

  SimulatedRuns(long seed, Noise noise) {
    this.random = new Random(seed);
    this.noise = noise;
  }

  /** NC1 of the next healthy run, without noise; it falls to twice its floor. */
  double[] healthy(double leastExponent, double mostExponent, boolean cut) {
    double exponent = between(leastExponent, mostExponent);
    int at = between(15, 120);
    double factor = cut ? between(1.2, 3) : 1;
    double[] nc1 = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      nc1[i] = 2 * FLOOR * Math.pow(LENGTH / (i + 1.0), exponent) * (i < at ? factor : 1);
    }
    return nc1;
  }

  /**
   * NC1 of a reference model on its way downhill by gradient descent, scaled to end at twice the
   * floor: K=4, d=20, n=10, λ_W=.005, λ_H=.0005, 3000 steps of 0.5.
   */
  static double[] model(ModelKind kind) {
    ModelSettings settings = ModelSettings.balanced(4, 20, 10, 0.005).withDecays(0.005, 0.0005);
    Simulation simulation =
        new Simulation(kind.create(settings), OptimizerKind.GRADIENT_DESCENT.create(0.5), 1);
    double[] nc1 = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      simulation.advance(3000 / LENGTH);
      SimulatedLayer layer = simulation.model().layers(simulation.at()).get(0);
      nc1[i] = layer.measure().metrics().get(MetricKey.NC1).orElseThrow();
    }
    double scale = 2 * FLOOR / nc1[LENGTH - 1];
    return Arrays.stream(nc1).map(it -> scale * it).toArray();
  }

  /**
   * The next run that comes to stand, at 1.2 to 10 times its floor.
   *
   * @param at index of the first report at which it stands
   * @param length in reports
   */
  double[] standing(double leastExponent, double mostExponent, int at, int length) {
    double exponent = between(leastExponent, mostExponent);
    double level = FLOOR * 1.2 * Math.pow(10 / 1.2, random.nextDouble());
    double[] nc1 = new double[length];
    for (int i = 0; i < length; i++) {
      nc1[i] = level * Math.pow((at + 1.0) / (Math.min(i, at) + 1), exponent);
    }
    return nc1;
  }

  double between(double least, double most) {
    return least + (most - least) * random.nextDouble();
  }

  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /** The state after each report of a run, with noise. */
  List<State> states(double[] nc1, JudgeSettings settings) {
    RunJudge judge = new RunJudge(settings);
    Judgement judgement = Judgement.UNKNOWN;
    int terminal = between(2, 7);
    List<State> states = new ArrayList<>();
    for (int i = 0; i < nc1.length; i++) {
      double noisy = nc1[i] * Math.exp(noise.next(random));
      Reports report = Reports.rolling(STEPS * (i + 1), noisy).accuracy(i < terminal ? 0.99 : 1);
      judgement = judge.after(judgement, report.report(), Reports.CLASSES);
      states.add(judgement.state());
    }
    return states;
  }

  /** Index of the first report after which a run is judged to have stalled. */
  static OptionalInt stalled(List<State> states) {
    int first = states.indexOf(State.STALLED);
    return first < 0 ? OptionalInt.empty() : OptionalInt.of(first);
  }
}
