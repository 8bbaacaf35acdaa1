package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.launcher.pipeline.LocalPipeline;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.codec.Safetensors;
import io.collapsewatch.protocol.saved.SavedPass;
import java.io.IOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passes dropped into a folder, through a real pipeline. */
class WatchFolderTest {

  private static final Path GOLDEN = Path.of("..", "analyzer/src/test/resources/golden");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path temp;
  private static Path dropped;
  private static LocalPipeline pipeline;

  @BeforeAll
  static void start() throws IOException {
    dropped = Files.createDirectory(temp.resolve("checkpoints"));
    pipeline =
        LocalPipeline.create(temp.resolve("data"), LocalPipeline.Ports.FREE, List.of(dropped));
    pipeline.start();
    await().atMost(Duration.ofSeconds(60)).until(pipeline::ready);
  }

  @AfterAll
  static void stop() {
    pipeline.close();
  }

  @Test
  void theDataFolderHasASocketForStreams() throws Exception {
    Path socket = temp.resolve("data/agent.sock");
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      client.write(ByteBuffer.allocate(4));
      ByteBuffer length = ByteBuffer.allocate(1);
      assertThat(client.read(length)).isEqualTo(1);
    }
  }

  @Test
  void anNpzIsReportedAsItIsMeasured() throws Exception {
    Path file = temp.resolve("epoch-200.npz");
    zip(GOLDEN.resolve("digits-ce-epoch200"), file);
    drop(file);

    assertThat(reportOf("checkpoints").get("step_last").longValue()).isEqualTo(200);
    assertMeasuredAlike(file, reportOf("checkpoints"));
  }

  @Test
  void safetensorsAreReportedAsTheyAreMeasured() throws Exception {
    Path file = temp.resolve("last.safetensors");
    SavedPass pass = SavedPass.read(GOLDEN.resolve("hundred"));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("features", pass.features());
    tensors.put("labels", pass.labels());
    tensors.put("weights", pass.weights());
    pass.bias().ifPresent(bias -> tensors.put("bias", bias));
    Files.write(file, new Safetensors(Map.of("run", "hundred", "step", "9"), tensors).write());
    drop(file);

    assertMeasuredAlike(file, reportOf("hundred"));
  }

  /** Each metric of {@code measure} is in the report, and no other metric of samples is. */
  private static void assertMeasuredAlike(Path file, JsonNode report) throws Exception {
    assertThat(report.get("kind").textValue()).isEqualTo("snapshot");
    CommandRun measure = CommandRun.of("measure", "--json", file.toString());
    JsonNode measured = new JsonMapper().readTree(measure.out()).get("metrics");
    assertThat(measured.get("nc1").isNumber()).isTrue();
    for (Map.Entry<String, JsonNode> metric : measured.properties()) {
      JsonNode reported = report.get("metrics").path(metric.getKey());
      if (metric.getValue().isNull()) {
        assertThat(reported.isMissingNode()).as(metric.getKey()).isTrue();
      } else {
        double expected = metric.getValue().doubleValue();
        assertThat(reported.doubleValue())
            .as(metric.getKey())
            .isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
      }
    }
  }

  private static void drop(Path file) throws IOException {
    Files.copy(file, dropped.resolve(file.getFileName()));
  }

  private static void zip(Path folder, Path file) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file));
        Stream<Path> members = Files.list(folder)) {
      for (Path member : members.filter(each -> each.toString().endsWith(".npy")).toList()) {
        zip.putNextEntry(new ZipEntry(member.getFileName().toString()));
        Files.copy(member, zip);
      }
    }
  }

  private static JsonNode reportOf(String run) throws Exception {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> new JsonMapper().readTree(get(run).body()).at("/latest/0/report"),
            report -> !report.isMissingNode());
  }

  private static HttpResponse<String> get(String run) throws Exception {
    URI page =
        URI.create(
            "http://127.0.0.1:%d/api/v1/runs/%s".formatted(pipeline.dashboard().port(), run));
    return HTTP.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
  }
}
