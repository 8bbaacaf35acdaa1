package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The demo as people start it, but for its ports. */
class DemoCommandTest {

  /**
   * Seen in PyTorch with these settings: nc1 of 0.019–0.022, and 0.47–0.54 for the plain network.
   */
  @Test
  void oneNetworkCollapsesAndTheOtherDoesNot() throws Exception {
    try (MainProcess demo = start("--epochs", "60")) {
      assertThat(demo.exitCode(300)).isZero();

      assertThat(demo.lines()).as("JSON alone on standard output").hasSize(1);
      JsonNode runs = new JsonMapper().readTree(demo.lines().get(0)).get("runs");
      JsonNode collapsing = metrics(runs.get(0), "digits-batchnorm");
      assertThat(collapsing.get("nc1").doubleValue()).isPositive().isLessThan(0.03);
      assertThat(collapsing.get("nc4_ncc_mismatch").doubleValue()).isZero();
      assertThat(collapsing.get("samples").intValue()).isEqualTo(1797);
      JsonNode plain = metrics(runs.get(1), "digits-plain");
      assertThat(plain.get("nc1").doubleValue()).isGreaterThan(0.2);
      assertThat(plain.get("accuracy").doubleValue()).isEqualTo(1);
    }
  }

  @Test
  void aThirdNetworkIsTrainedUnderTheSquareLoss() throws Exception {
    try (MainProcess demo = start("--epochs", "2", "--square-loss")) {
      assertThat(demo.exitCode(300)).isZero();

      JsonNode runs = new JsonMapper().readTree(demo.lines().get(0)).get("runs");
      assertThat(runs).hasSize(3);
      assertThat(runs.get(2).get("run").textValue()).isEqualTo("digits-square");
      JsonNode report = runs.get(2).get("report");
      assertThat(report.get("epoch").doubleValue()).isEqualTo(2);
      assertThat(report.get("metrics").get("samples").intValue()).isEqualTo(1797);
    }
  }

  private static MainProcess start(String... options) throws Exception {
    String demo = "demo --exit --json --port 0 --agent-port 0 --stream-port 0 --broker-port 0";
    return MainProcess.start(
        Stream.concat(Stream.of(demo.split(" ")), Stream.of(options)).toArray(String[]::new));
  }

  private static JsonNode metrics(JsonNode run, String name) {
    assertThat(run.get("run").textValue()).isEqualTo(name);
    JsonNode report = run.get("report");
    assertThat(report.get("kind").textValue()).isEqualTo("snapshot");
    assertThat(report.get("epoch").doubleValue()).isEqualTo(60);
    return report.get("metrics");
  }
}
