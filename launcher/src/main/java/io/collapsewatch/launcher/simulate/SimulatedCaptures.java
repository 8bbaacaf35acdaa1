package io.collapsewatch.launcher.simulate;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.analyzer.reference.Simulation;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.TrainingStats;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A simulation as the captures of a training run: each of its layers is a layer of the run, its
 * steps are the run's. Features are F64.
 */
public final class SimulatedCaptures {

  /** Of the features of one message of a pass; what waits for Kafka is bounded by bytes, too. */
  private static final int PASS_BYTES = 8 << 20;

  private final String run;
  private final SimulationSettings settings;
  private final Simulation simulation;
  private final RunSettings said;

  /** Begins at the clock, so that a run that is simulated again does not repeat old numbers. */
  private long seq = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

  /**
   * @param run id of the run
   * @throws IllegalArgumentException if the model makes no run, in one sentence
   * @throws io.collapsewatch.protocol.CaptureException if the id is none, or the model is larger
   *     than a run may be
   */
  public SimulatedCaptures(String run, SimulationSettings settings, Simulation simulation) {
    if (settings.kind() == ModelKind.RHO_FLOW) {
      throw new IllegalArgumentException(
          "rho-flow has one norm that moves and features that do not, so it makes no run to publish");
    }
    this.run = CaptureHeader.of(run, 0).run();
    this.settings = settings;
    this.simulation = simulation;
    this.said = settings.run(layers().get(0).classifier().orElseThrow().bias().isPresent());
  }

  /** That the run begins. */
  List<Capture> started() {
    return List.of(new RunStarted(header(), said));
  }

  /** Where the simulation is: numbers, and the classifier and all features of each layer. */
  List<Capture> here() {
    List<Capture> captures = new ArrayList<>();
    List<LayerArrays> layers = layers();
    captures.add(stats(layers.get(0)));
    for (LayerArrays layer : layers) {
      classifier(header(layer), layer).ifPresent(captures::add);
      captures.add(
          new FeatureBatch(
              header(layer),
              layer.features(),
              layer.labels(),
              layer.logits(),
              Optional.empty(),
              Optional.empty()));
    }
    return captures;
  }

  /** The same as passes with frozen weights, which are never sampled. */
  List<Capture> pass() {
    List<Capture> captures = new ArrayList<>();
    String id = "step-%d".formatted(simulation.steps());
    for (LayerArrays layer : layers()) {
      classifier(header(layer).withSnapshot(id, false), layer).ifPresent(captures::add);
      FeatureBatch all = FeatureBatch.of(header(layer), layer.features(), layer.labels());
      int rows = Math.max(1, PASS_BYTES / (Double.BYTES * all.dim()));
      for (int from = 0; from < all.rows(); from += rows) {
        int to = Math.min(from + rows, all.rows());
        captures.add(all.slice(header(layer).withSnapshot(id, to == all.rows()), from, to));
      }
    }
    return captures;
  }

  /** That the run ends. */
  List<Capture> ended() {
    return List.of(new RunEnded(header()));
  }

  private TrainingStats stats(LayerArrays last) {
    Tensor logits = last.logits().orElseThrow();
    double loss = MeanLoss.of(settings.loss(), logits, last.labels());
    return new TrainingStats(
        header(),
        OptionalDouble.of(settings.lossScale() * loss),
        OptionalDouble.of(accuracy(logits, last.labels())),
        OptionalDouble.of(settings.learningRate()),
        OptionalDouble.of(settings.weightDecay()),
        Map.of("classifier", norm(last.classifier().orElseThrow())),
        Optional.empty());
  }

  private static double norm(Classifier classifier) {
    return Math.sqrt(Arrays.stream(classifier.weight()).map(w -> w * w).sum());
  }

  private static double accuracy(Tensor logits, Tensor labels) {
    int correct = 0;
    for (int i = 0; i < logits.rows(); i++) {
      int best = i * logits.columns();
      for (int c = best + 1; c < (i + 1) * logits.columns(); c++) {
        best = logits.doubleAt(c) > logits.doubleAt(best) ? c : best;
      }
      correct += best % logits.columns() == labels.longAt(i) ? 1 : 0;
    }
    return (double) correct / logits.rows();
  }

  private static Optional<Capture> classifier(CaptureHeader header, LayerArrays layer) {
    return layer
        .classifier()
        .map(it -> ClassifierSnapshot.of(header, LayerArrays.weight(it), LayerArrays.bias(it)));
  }

  private List<LayerArrays> layers() {
    return simulation.model().layers(simulation.at()).stream().map(LayerArrays::of).toList();
  }

  private CaptureHeader header(LayerArrays layer) {
    return header().withSource(CaptureHeader.TRAIN, layer.name());
  }

  private CaptureHeader header() {
    return CaptureHeader.of(run, simulation.steps()).withSeq(OptionalLong.of(seq++));
  }
}
