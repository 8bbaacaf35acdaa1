package io.collapsewatch.launcher.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.collapsewatch.agent.Agent;
import io.collapsewatch.agent.AgentConfig;
import io.collapsewatch.agent.capture.Recorder;
import io.collapsewatch.launcher.MainProcess;
import io.collapsewatch.launcher.broker.EmbeddedBroker;
import io.collapsewatch.launcher.broker.TopicSetup;
import io.collapsewatch.launcher.demo.DemoRun;
import io.collapsewatch.launcher.demo.DemoTraining;
import io.collapsewatch.protocol.CheckKey;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.RunStatus.State;
import io.collapsewatch.protocol.TheoryCheck;
import io.collapsewatch.protocol.Topics;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.FittedCurveJson;
import io.collapsewatch.protocol.codec.ReportJson;
import io.collapsewatch.protocol.codec.RunStatusJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The three networks of the demo, trained to the end in front of an analyzer in a process of its
 * own, which is ended on the way and started again.
 */
class DemoStatesTest {

  private static final List<DemoRun> RUNS = DemoRun.all(true);
  private static final int EPOCHS = 200;
  private static final long SEED = 1;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir private Path folder;
  private WebhookReceiver receiver;
  private EmbeddedBroker broker;
  private Agent agent;

  @BeforeEach
  void start() throws Exception {
    receiver = new WebhookReceiver();
    broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      TopicSetup.EMBEDDED.ensure(admin);
    }
    agent =
        Agent.create(
            AgentConfig.of(broker.bootstrapServers()).withPort(0).withStreamPort(0), List::of);
    agent.start();
  }

  @AfterEach
  void stop() {
    agent.close();
    broker.close();
    receiver.close();
  }

  @Test
  void theyAreJudgedAsTheTheorySheetSaysAndAnAlertIsDeliveredOnce() throws Exception {
    CompletableFuture<Void> training =
        CompletableFuture.allOf(
            RUNS.stream()
                .map(run -> CompletableFuture.runAsync(() -> train(run)))
                .toArray(CompletableFuture<?>[]::new));
    try (MainProcess analyzer = analyzer()) {
      await().atMost(PATIENCE).until(() -> receiver.taken().size() == 1);
      end(analyzer);
    }
    try (MainProcess analyzer = analyzer()) {
      training.join();
      await().atMost(PATIENCE).until(() -> receiver.taken().size() == 2);
      await().atMost(PATIENCE).until(this::allHaveEnded);
      end(analyzer);
    }

    assertThat(states(DemoRun.BATCHNORM))
        .containsSubsequence(State.FITTING, State.COLLAPSING, State.ENDED)
        .doesNotContain(State.STALLED, State.REGRESSING, State.SILENT);
    assertThat(states(DemoRun.PLAIN))
        .containsSubsequence(State.FITTING, State.STALLED, State.ENDED)
        .doesNotContain(State.REGRESSING, State.CONVERGED, State.SILENT);
    assertThat(reasons(DemoRun.PLAIN, State.STALLED))
        .allMatch(
            why -> why.matches("NC1 has stood at 0\\.4\\d* for \\d+ epochs, above .*0\\.1.*"));
    List<String> taken = receiver.taken();
    assertThat(taken).hasSize(2);
    assertThat(taken.get(0)).startsWith("firing " + DemoRun.PLAIN.name() + " ");
    assertThat(taken.get(1)).isEqualTo(taken.get(0).replace("firing", "resolved"));

    // The bounds of the theory sheet's table for the same networks, §5.
    assertThat(ratio(DemoRun.BATCHNORM, CheckKey.MARGIN_MEAN)).isBetween(0.97, 1.03);
    assertThat(ratio(DemoRun.BATCHNORM, CheckKey.WEIGHT_NORM_SQUARED)).isBetween(1.0, 1.3);
    assertThat(ratio(DemoRun.PLAIN, CheckKey.WEIGHT_NORM_SQUARED)).isGreaterThan(1.7);
    assertThat(ratio(DemoRun.SQUARE, CheckKey.WEIGHT_NORM_SQUARED)).isBetween(0.9, 1.1);

    assertThat(lastCurve(DemoRun.BATCHNORM).model()).isEqualTo("ce-ufm");
    assertThat(lastCurve(DemoRun.BATCHNORM).metrics()).containsKey("nc1");
  }

  private static void end(MainProcess analyzer) throws InterruptedException {
    analyzer.terminate();
    // 128 + TERM.
    assertThat(analyzer.exitCode(30)).isEqualTo(143);
  }

  private MainProcess analyzer() throws IOException {
    return MainProcess.start(
        "analyzer",
        "--bootstrap-servers",
        broker.bootstrapServers(),
        "--partitions",
        "4",
        "--data",
        folder.resolve("analyzer").toString(),
        "--webhook",
        receiver.url(),
        "--webhook-allow-private");
  }

  private void train(DemoRun run) {
    try (Recorder recorder = agent.recorder(run.name(), run.settings())) {
      new DemoTraining(run, EPOCHS, SEED, recorder).run(() -> false);
    }
  }

  private boolean allHaveEnded() {
    return RUNS.stream().allMatch(run -> states(run).contains(State.ENDED));
  }

  private List<State> states(DemoRun run) {
    return statuses(run).stream().map(RunStatus::state).toList();
  }

  private List<String> reasons(DemoRun run, State state) {
    return statuses(run).stream()
        .filter(status -> status.state() == state)
        .map(RunStatus::reason)
        .toList();
  }

  private List<RunStatus> statuses(DemoRun run) {
    return read(Topics.RUNS, run, RunStatusJson::decode);
  }

  private FittedCurve lastCurve(DemoRun run) {
    List<FittedCurve> curves = read(Topics.CURVES, run, FittedCurveJson::decode);
    return curves.get(curves.size() - 1);
  }

  /** Measured over predicted, in the snapshot after the last epoch. */
  private double ratio(DemoRun run, CheckKey check) {
    WindowReport last =
        read(Topics.REPORTS, run, ReportJson::decode).stream()
            .filter(report -> report.kind() == WindowReport.Kind.SNAPSHOT)
            .reduce((earlier, later) -> later)
            .orElseThrow();
    assertThat(last.epoch()).hasValue(EPOCHS);
    return last.comparison()
        .flatMap(comparison -> comparison.check(check))
        .map(TheoryCheck::ratio)
        .orElseThrow()
        .orElseThrow();
  }

  private <T> List<T> read(String topic, DemoRun run, Function<byte[], T> decode) {
    try (TopicReader reader = new TopicReader(broker.bootstrapServers(), topic)) {
      return reader.allRecords().stream()
          .filter(record -> new String(record.key(), UTF_8).equals(run.name()))
          .map(record -> decode.apply(record.value()))
          .toList();
    }
  }
}
