package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.codec.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pass of two classes at ±1 on a line, each with samples 0.1 to both sides: Σ_W = 0.01, Σ_B = 1,
 * so that nc1 is 0.01/2 and every sample is classified as the nearest centre says.
 */
class MeasureCommandTest {

  @TempDir Path folder;

  private Path pass;

  @BeforeEach
  void savePass() throws Exception {
    pass = folder.resolve("pass.safetensors");
    Map<String, Tensor> tensors =
        Map.of(
            "features", Tensor.ofDoubles(new double[] {0.9, 1.1, -0.9, -1.1}, 4, 1),
            "labels", Tensor.ofInts(new int[] {0, 0, 1, 1}, 4),
            "weights", Tensor.ofDoubles(new double[] {2, -2}, 2, 1));
    Files.write(pass, new Safetensors(Map.of(), tensors).write());
  }

  @Test
  void printsEveryMetricOfThePassAsJson() throws Exception {
    CommandRun run = CommandRun.of("measure", pass.toString(), "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    JsonNode metrics = new JsonMapper().readTree(run.out()).get("metrics");
    assertThat(metrics.size())
        .isEqualTo(Arrays.stream(MetricKey.values()).filter(MetricKey::ofSamples).count());
    assertThat(metrics.get("nc1").doubleValue()).isCloseTo(0.005, within(1e-12));
    assertThat(metrics.get("margin_min").doubleValue()).isCloseTo(3.6, within(1e-12));
  }

  @Test
  void printsATableForPeople() {
    CommandRun run = CommandRun.of("measure", pass.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("Samples")
        .contains("\nNC1, variability collapse\n  nc1                       ")
        .contains("NC2, convergence to the frame")
        .contains("NC3, self-duality")
        .contains("NC4, nearest class centre")
        .contains("  worst_pair                       0, 1  ");
  }

  @Test
  void answersAPassThatIsNotThereWithOneSentence() {
    CommandRun run = CommandRun.of("measure", "not/there");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "collapsewatch measure: \"not/there\": there is no such file or folder\n");
  }

  @Test
  void answersAFolderThatLacksAFileWithOneSentence() throws IOException {
    Path lacking = Files.createDirectory(folder.resolve("lacking"));
    CommandRun run = CommandRun.of("measure", lacking.toString(), "--json");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "collapsewatch measure: \"lacking\": it lacks features.npy, labels.npy, weights.npy;"
                + " expected features.npy, labels.npy, weights.npy and, where the layer has one,"
                + " bias.npy\n");
  }
}
