package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.collapsewatch.agent.capture.Recorder;
import io.collapsewatch.browser.InBrowser;
import io.collapsewatch.browser.Tab;
import io.collapsewatch.launcher.demo.DemoRun;
import io.collapsewatch.launcher.demo.DemoTraining;
import io.collapsewatch.launcher.pipeline.LocalPipeline;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page in a real Chromium while the demo trains: recorder, Kafka, analyzer, dashboard. */
@ExtendWith(InBrowser.class)
class DemoPageTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** More than the test waits for. */
  private static final int EPOCHS = 100_000;

  private static final String STEP =
      "document.querySelector('cw-chart .at').textContent.replace(/\\D/g, '')";
  private static final String NC1 = "document.querySelector('.tile-value').textContent";

  private final LocalPipeline pipeline = LocalPipeline.createTemporary(LocalPipeline.Ports.FREE);
  private volatile boolean stopped;
  private CompletableFuture<Void> training = CompletableFuture.completedFuture(null);

  @BeforeEach
  void start() {
    pipeline.start();
    await().atMost(PATIENCE).until(pipeline::ready);
    training =
        CompletableFuture.allOf(
            DemoRun.all(false).stream()
                .map(run -> CompletableFuture.runAsync(() -> train(run)))
                .toArray(CompletableFuture<?>[]::new));
  }

  @AfterEach
  void stop() {
    stopTraining();
    pipeline.close();
  }

  private void train(DemoRun run) {
    try (Recorder recorder = pipeline.agent().recorder(run.name(), run.settings())) {
      new DemoTraining(run, EPOCHS, 1, recorder).run(() -> stopped);
    }
  }

  private void stopTraining() {
    stopped = true;
    training.join();
  }

  @Test
  void thePageFollowsTheTrainingAndSaysWhatTheApiSays(Tab tab) {
    tab.size(1280, 3000)
        .go("http://127.0.0.1:%d/".formatted(pipeline.dashboard().port()))
        .until("document.querySelectorAll('.runs tbody tr').length === 2");
    tab.until("document.querySelector('a[title=digits-plain]')").click("a[title=digits-batchnorm]");
    tab.until("document.querySelectorAll('.uplot canvas').length === 12");
    tab.until("[...document.querySelectorAll('.readout b')].some(b => b.textContent !== '–')");
    tab.eval("window.notReloaded = true");

    for (int i = 0; i < 3; i++) {
      String step = tab.eval(STEP).asText();
      String nc1 = tab.eval(NC1).asText();
      tab.until("%s > %s && %s !== '%s'".formatted(STEP, step, NC1, nc1));
    }
    assertThat(tab.eval("window.notReloaded").asBoolean()).isTrue();

    stopTraining();
    await().atMost(PATIENCE).untilAsserted(() -> assertShowsTheNewestReport(tab));
  }

  private static void assertShowsTheNewestReport(Tab tab) {
    JsonNode latest =
        tab.eval(
            "fetch('api/v1/runs/digits-batchnorm').then(r => r.json()).then(({latest}) => latest.find(({kind}) => kind === 'rolling').report)");
    assertThat(tab.eval(STEP).asText()).isEqualTo(latest.get("step_last").asText());
    BigDecimal nc1 = latest.get("metrics").get("nc1").decimalValue().round(new MathContext(3));
    assertThat(new BigDecimal(tab.eval(NC1).asText())).isEqualByComparingTo(nc1);
  }
}
