package io.collapsewatch.analyzer.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.collapsewatch.analyzer.collapse.Classifier;
import io.collapsewatch.analyzer.linalg.Matrix;
import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.analyzer.reference.ModelSettings;
import io.collapsewatch.analyzer.reference.OptimizerKind;
import io.collapsewatch.analyzer.reference.SimulatedLayer;
import io.collapsewatch.analyzer.reference.Simulation;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A run that is its own reference model, seen in passes only. */
class FittedCurveTest extends TopologyTest {

  private static final int K = 4;
  private static final int D = 8;
  private static final int N = 12;
  private static final double DECAY = 0.005;
  private static final long PASS_STEPS = 20;

  private final Simulation simulation =
      new Simulation(
          ModelKind.CE_UFM.create(ModelSettings.balanced(K, D, N, DECAY)),
          OptimizerKind.GRADIENT_DESCENT.create(0.5),
          7);

  @Test
  void liesNearTheRunAndIsNotWantedAfterItBeganAgain() {
    begin(0);
    for (int pass = 0; pass < 20; pass++) {
      sendPass(pass);
      simulation.advance(PASS_STEPS);
    }

    List<FittedCurve> curves = curves();
    FittedCurve last = curves.get(curves.size() - 1);
    assertThat(last.model()).isEqualTo("ce-ufm");
    assertThat(last.run()).isEqualTo("run");
    assertThat(last.complete()).isTrue();
    // Another random start of the same model.
    assertThat(last.residual()).isLessThan(0.2);
    // A run with passes only is judged by them.
    List<RunStatus> statuses = topology.statuses();
    assertThat(statuses.get(statuses.size() - 1).state()).isNotEqualTo(RunStatus.State.WAITING);

    sendPass(20);
    begin(0);
    topology.sleep(5_000);
    assertThat(topology.curves()).isEmpty();
  }

  private void begin(long step) {
    topology.send(
        new RunStarted(
            CaptureHeader.of("run", step),
            RunSettings.builder()
                .classes(K)
                .loss(RunSettings.Loss.CROSS_ENTROPY)
                .weightDecay(DECAY)
                .classCounts(Collections.nCopies(K, (long) N))
                .build()));
  }

  private void sendPass(int pass) {
    topology.pass(1000);
    CaptureHeader header = CaptureHeader.of("run", (pass + 1) * PASS_STEPS);
    String id = "pass-" + pass;
    SimulatedLayer layer = simulation.model().layers(simulation.at()).get(0);
    Classifier classifier = layer.classifier().orElseThrow();
    topology.send(
        ClassifierSnapshot.of(
            header.withSnapshot(id, false),
            Tensor.ofDoubles(classifier.weight(), K, D),
            Optional.empty()));
    topology.send(
        FeatureBatch.of(
            header.withSnapshot(id, true),
            Tensor.ofDoubles(rows(layer.features()), K * N, D),
            Tensor.ofInts(layer.labels(), K * N)));
  }

  private static double[] rows(Matrix columns) {
    double[] rows = new double[columns.rows() * columns.columns()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = columns.get(i % columns.rows(), i / columns.rows());
    }
    return rows;
  }

  /** The simulation runs on a real thread, and what it makes is sent each second. */
  private List<FittedCurve> curves() {
    List<FittedCurve> all = new ArrayList<>();
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              topology.sleep(1_000);
              all.addAll(topology.curves());
              return all;
            },
            found -> !found.isEmpty() && found.get(found.size() - 1).reports() >= 15);
  }
}
