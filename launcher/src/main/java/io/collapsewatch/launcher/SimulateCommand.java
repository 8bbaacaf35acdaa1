package io.collapsewatch.launcher;

import io.collapsewatch.analyzer.reference.DivergedException;
import io.collapsewatch.analyzer.reference.Equilibrium;
import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.analyzer.reference.OptimizerKind;
import io.collapsewatch.analyzer.reference.ReferenceModel;
import io.collapsewatch.analyzer.reference.Simulation;
import io.collapsewatch.analyzer.reference.TrajectoryPoint;
import io.collapsewatch.launcher.simulate.Publication;
import io.collapsewatch.launcher.simulate.SimulatedCaptures;
import io.collapsewatch.launcher.simulate.SimulationSettings;
import io.collapsewatch.launcher.simulate.TrajectoryFormat;
import io.collapsewatch.protocol.CaptureException;
import io.collapsewatch.protocol.Printable;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a reference model. */
@Command(
    name = "simulate",
    description =
        "Runs a model of neural collapse and prints where it goes, or where it ends; with --publish"
            + " also as a run beside real ones.")
final class SimulateCommand implements Callable<Integer> {

  private static final String CLEAR_LINE = "\r\u001b[K";

  @Parameters(paramLabel = "MODEL", arity = "0..1", description = "Which; --list names them.")
  private String model;

  @Option(names = "--list", description = "Names the models with one line each.")
  private boolean list;

  @Mixin private ModelOptions size;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "gradient-descent",
      description = "gradient-descent, momentum, adam, l-bfgs or gradient-flow (${DEFAULT-VALUE}).")
  private String optimizer;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description =
          "Factor of the gradient; time of a step of gradient-flow (0.1; 0.001 for ce-ulpm, whose"
              + " loss is a sum).")
  private Double learningRate;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Steps (${DEFAULT-VALUE}).")
  private long steps;

  @Option(
      names = "--every",
      paramLabel = "N",
      defaultValue = "100",
      description = "Steps between two lines (${DEFAULT-VALUE}).")
  private long every;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Of the start and the noise; the same seed gives the same numbers (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "csv",
      description = "csv or json (${DEFAULT-VALUE}).")
  private TrajectoryFormat format;

  @Option(
      names = "--equilibrium",
      description = "Prints where the model ends, from its closed form, in place of the way there.")
  private boolean equilibrium;

  @Option(
      names = "--publish",
      description =
          "Send the way to Kafka as if it were a training run: what each line is of, sampled as the"
              + " agent does, and the end in full.")
  private boolean publish;

  @Option(
      names = "--run",
      paramLabel = "ID",
      description = "The id of the run that --publish sends (simulated-MODEL).")
  private String run;

  @Mixin private KafkaOptions kafka;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (list) {
      Arrays.stream(ModelKind.values())
          .forEach(kind -> out().printf("%-20s %s%n", kind.key(), kind.summary()));
      return Main.DONE;
    }
    try {
      return equilibrium ? printEquilibrium() : printTrajectory();
    } catch (IllegalArgumentException | CaptureException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    } catch (DivergedException e) {
      progress("");
      spec.commandLine().getErr().printf("collapsewatch simulate: %s%n", e.getMessage());
      return Main.NO;
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private int printTrajectory() throws InterruptedException {
    requirePositive("--steps", steps);
    requirePositive("--every", every);
    Simulation simulation = new Simulation(create(), optimizerKind().create(learningRate()), seed);
    if (publish) {
      return publish(simulation);
    }
    print(simulation, () -> {});
    return Main.DONE;
  }

  private double learningRate() {
    if (learningRate != null) {
      return learningRate;
    }
    return kind() == ModelKind.CE_ULPM ? 0.001 : 0.1;
  }

  private int publish(Simulation simulation) throws InterruptedException {
    ModelKind kind = kind();
    String id = run == null ? "simulated-" + kind.key() : run;
    SimulationSettings settings =
        new SimulationSettings(
            kind, size.settings(kind, seed), optimizerKind(), learningRate(), every);
    SimulatedCaptures captures = new SimulatedCaptures(id, settings, simulation);
    try (Publication publication = Publication.open(captures, kafka.properties())) {
      publication.begin();
      long lost;
      try {
        print(simulation, publication::point);
        publication.pass();
      } finally {
        lost = publication.finish();
      }
      return told(id, lost);
    }
  }

  private int told(String id, long lost) {
    PrintWriter err = spec.commandLine().getErr();
    if (lost > 0) {
      err.printf("collapsewatch simulate: %d captures are lost: Kafka did not take them%n", lost);
      return Main.NO;
    }
    err.printf("published as run %s%n", id);
    return Main.DONE;
  }

  /** What else becomes of each point that is printed. */
  private interface AtPoint {
    void take() throws InterruptedException;
  }

  private void print(Simulation simulation, AtPoint atPoint) throws InterruptedException {
    TrajectoryPoint first = TrajectoryPoint.of(simulation);
    format.header(first).ifPresent(out()::println);
    out().println(format.line(first));
    atPoint.take();
    while (simulation.steps() < steps && !out().checkError()) {
      simulation.advance(Math.min(every, steps - simulation.steps()));
      progress("%d of %d steps".formatted(simulation.steps(), steps));
      out().println(format.line(TrajectoryPoint.of(simulation)));
      atPoint.take();
    }
    progress("");
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "%s is %d; expected a whole number, 1 or more".formatted(name, value));
    }
  }

  /** On a terminal of its own: where the lines themselves are seen nobody needs it. */
  private void progress(String text) {
    if (Terminals.has(2) && !Terminals.has(1)) {
      spec.commandLine().getErr().print(CLEAR_LINE + text);
      spec.commandLine().getErr().flush();
    }
  }

  private int printEquilibrium() {
    if (publish) {
      throw new IllegalArgumentException(
          "--publish sends the way and --equilibrium leaves it out; expected one of them");
    }
    Map<String, Object> end = new LinkedHashMap<>();
    create().equilibrium().ifPresent(it -> put(end, it));
    if (end.isEmpty()) {
      spec.commandLine()
          .getErr()
          .printf(
              "collapsewatch simulate: %s has no minimum with these decays; without --equilibrium it shows where it goes%n",
              model);
      return Main.NO;
    }
    if (format == TrajectoryFormat.JSON) {
      out().println(TrajectoryFormat.json(named(end)));
    } else {
      end.remove("by_class");
      out().println("model," + String.join(",", end.keySet()));
      out()
          .println(
              model
                  + ","
                  + end.values().stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
    return Main.DONE;
  }

  private Map<String, Object> named(Map<String, Object> end) {
    Map<String, Object> named = new LinkedHashMap<>();
    named.put("model", model);
    named.put("equilibrium", end);
    return named;
  }

  private static void put(Map<String, Object> end, Equilibrium equilibrium) {
    end.put("collapsed", equilibrium.collapsed());
    end.put("margin", equilibrium.margin());
    end.put("weight_norm_squared", equilibrium.weightNormSquared());
    end.put("feature_norm_squared", equilibrium.featureNormSquared());
    end.put("objective", equilibrium.objective());
    if (equilibrium.byClass().size() > 1) {
      end.put("by_class", equilibrium.byClass().stream().map(SimulateCommand::ofClass).toList());
    }
  }

  private static Map<String, Double> ofClass(Equilibrium.OfClass one) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("margin", one.margin());
    numbers.put("weight_norm_squared", one.weightNormSquared());
    numbers.put("feature_norm_squared", one.featureNormSquared());
    return numbers;
  }

  private ReferenceModel create() {
    ModelKind kind = kind();
    return kind.create(size.settings(kind, seed));
  }

  private ModelKind kind() {
    if (model == null) {
      throw new IllegalArgumentException("no model given; --list names them");
    }
    return ModelKind.of(model)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no model %s; --list names them".formatted(Printable.quote(model))));
  }

  private OptimizerKind optimizerKind() {
    return OptimizerKind.of(optimizer)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no optimiser %s; expected one of %s"
                        .formatted(
                            Printable.quote(optimizer),
                            Arrays.stream(OptimizerKind.values())
                                .map(OptimizerKind::key)
                                .collect(Collectors.joining(", ")))));
  }
}
