package io.collapsewatch.launcher.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.collapsewatch.analyzer.compare.Training;
import io.collapsewatch.analyzer.compare.WindowComparison;
import io.collapsewatch.analyzer.reference.ModelKind;
import io.collapsewatch.analyzer.reference.ModelSettings;
import io.collapsewatch.analyzer.reference.OptimizerKind;
import io.collapsewatch.analyzer.reference.SimulatedLayer;
import io.collapsewatch.analyzer.reference.Simulation;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.DType;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.ModelComparison;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunStarted;
import io.collapsewatch.protocol.TrainingStats;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulatedCapturesTest {

  private static final double DECAY = 0.003;

  private final ModelSettings balanced = ModelSettings.balanced(3, 5, 4, DECAY);

  private static SimulatedCaptures captures(ModelKind kind, ModelSettings model) {
    return captures(settings(kind, model), simulation(kind, model));
  }

  private static SimulatedCaptures captures(SimulationSettings settings, Simulation simulation) {
    return new SimulatedCaptures("simulated", settings, simulation);
  }

  private static SimulationSettings settings(ModelKind kind, ModelSettings model) {
    return new SimulationSettings(kind, model, OptimizerKind.GRADIENT_DESCENT, 0.1, 100);
  }

  private static Simulation simulation(ModelKind kind, ModelSettings model) {
    return new Simulation(kind.create(model), OptimizerKind.GRADIENT_DESCENT.create(0.1), 1);
  }

  private static RunSettings said(SimulatedCaptures captures) {
    return ((RunStarted) captures.started().get(0)).settings();
  }

  @ParameterizedTest
  @EnumSource(names = {"CE_UFM", "MSE_UFM", "MSE_UFM_BIAS"})
  void theRunIsCalibratedToItsOwnModelAndWeightDecay(ModelKind kind) {
    ModelComparison comparison = comparison(kind);

    assertThat(comparison.model()).hasValue(kind.key());
    assertThat(comparison.weightDecay().orElseThrow()).isCloseTo(DECAY, within(1e-17));
    assertThat(comparison.samplesPerClass()).hasValue(4);
  }

  @Test
  void aModelThatNoRunIsHeldAgainstIsNamed() {
    assertThat(comparison(ModelKind.MSE_UFM_EXTENDED).remark())
        .hasValue(
            "it is a simulation of \"mse-ufm-extended\", which ends elsewhere than the mse-ufm that"
                + " its settings name");
  }

  /** What a report would say of the simulated run at its start. */
  private ModelComparison comparison(ModelKind kind) {
    Simulation simulation = simulation(kind, balanced);
    SimulatedLayer layer = simulation.model().layers(simulation.at()).get(0);
    RunSettings said = said(captures(kind, balanced));
    return WindowComparison.of(
        new Training(said, Map.of(), 1, OptionalDouble.empty()),
        layer.classifier().orElseThrow(),
        layer.measure());
  }

  /** Oracle: without decays a model's objective is its loss. */
  @ParameterizedTest
  @EnumSource(
      names = {"RHO_FLOW", "PERTURBED_FEATURES"},
      mode = EnumSource.Mode.EXCLUDE)
  void theLossIsTheObjectiveWithoutItsDecays(ModelKind kind) {
    ModelSettings free = ModelSettings.balanced(3, 5, 4, 0);
    Simulation simulation = simulation(kind, free);
    SimulatedCaptures captures = captures(settings(kind, free), simulation);

    double atStart = loss(captures);
    assertThat(atStart).isCloseTo(simulation.objective(), within(1e-13 * atStart));
    simulation.advance(200);
    assertThat(loss(captures)).isCloseTo(simulation.objective(), within(1e-13 * atStart));
    assertThat(loss(captures)).isLessThan(atStart);
  }

  private static double loss(SimulatedCaptures captures) {
    return captures.here().stream()
        .filter(TrainingStats.class::isInstance)
        .map(TrainingStats.class::cast)
        .findFirst()
        .orElseThrow()
        .loss()
        .orElseThrow();
  }

  @Test
  void theRunSaysWhatItIs() {
    ModelSettings model = balanced.withCounts(List.of(4, 3, 2));
    RunSettings said = said(captures(ModelKind.MSE_UFM_IMBALANCED, model));

    assertThat(said.loss()).contains(RunSettings.Loss.MSE);
    assertThat(said.lossScale()).hasValue(1.5);
    assertThat(said.bias()).contains(false);
    assertThat(said.classCounts()).containsExactly(4L, 3L, 2L);
    assertThat(said.optimizer()).contains("gradient-descent");
    assertThat(said.reportEverySteps()).hasValue(10);
    assertThat(said.tags()).containsEntry("simulated", "mse-ufm-imbalanced");
  }

  @Test
  void everyLayerOfAnExtendedModelIsALayerOfTheRun() {
    List<Capture> here = captures(ModelKind.MSE_UFM_RELU, balanced).here();

    assertThat(batches(here))
        .extracting(batch -> batch.header().layer())
        .containsExactly("penultimate", "features");
    assertThat(batches(here))
        .allSatisfy(batch -> assertThat(batch.features().dtype()).isEqualTo(DType.F64));
    assertThat(batches(here)).extracting(batch -> batch.logits().isPresent()).contains(true, false);
    assertThat(here.stream().filter(ClassifierSnapshot.class::isInstance)).hasSize(1);
  }

  private static List<FeatureBatch> batches(List<Capture> captures) {
    return captures.stream()
        .filter(FeatureBatch.class::isInstance)
        .map(FeatureBatch.class::cast)
        .toList();
  }

  /** 8 MiB of 2000 dimensions are 524 rows. */
  @Test
  void aPassIsSentInPiecesOfWhichTheLastEndsIt() {
    ModelSettings wide = ModelSettings.balanced(2, 2000, 300, DECAY);

    List<FeatureBatch> pieces = batches(captures(ModelKind.CE_UFM, wide).pass());

    assertThat(pieces).extracting(FeatureBatch::rows).containsExactly(524, 76);
    assertThat(pieces).extracting(p -> p.header().snapshotEnd()).containsExactly(false, true);
    assertThat(pieces).allMatch(piece -> piece.header().snapshot().orElseThrow().equals("step-0"));
  }

  @Test
  void theNumbersOfTheMessagesGrow() {
    SimulatedCaptures captures = captures(ModelKind.CE_UFM, balanced);
    List<Capture> all =
        List.of(captures.started(), captures.here(), captures.pass(), captures.ended()).stream()
            .flatMap(List::stream)
            .toList();

    assertThat(all)
        .extracting(Capture::header)
        .extracting(CaptureHeader::seq)
        .extracting(seq -> seq.orElseThrow())
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void theNormProductAloneMakesNoRun() {
    assertThatThrownBy(() -> captures(ModelKind.RHO_FLOW, ModelSettings.balanced(2, 2, 4, DECAY)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "rho-flow has one norm that moves and features that do not, so it makes no run to publish");
  }

  @Test
  void anIdThatIsNoneIsRefused() {
    assertThatThrownBy(
            () ->
                new SimulatedCaptures(
                    "a b",
                    settings(ModelKind.CE_UFM, balanced),
                    simulation(ModelKind.CE_UFM, balanced)))
        .isInstanceOf(MalformedCaptureException.class)
        .hasMessage("run is \"a b\"; expected [A-Za-z0-9._-]{1,64}");
  }
}
