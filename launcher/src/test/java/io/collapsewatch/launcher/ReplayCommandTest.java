package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.launcher.pipeline.LocalPipeline;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {

  /** Three seconds of two ranks at ten steps a second, written by Python. */
  private static final Path RECORDINGS = Path.of("..", "agent/src/test/resources/recordings");

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void aRecordingIsReportedAsItsRunWouldHaveBeenAndASecondTimeChangesNothing() throws Exception {
    try (LocalPipeline pipeline = LocalPipeline.createTemporary(LocalPipeline.Ports.FREE)) {
      pipeline.start();
      await().atMost(Duration.ofSeconds(60)).until(pipeline::ready);
      JsonNode sent = new JsonMapper().readTree(replay(pipeline, "--json").out());
      assertThat(sent.get("captures").intValue()).isEqualTo(66);
      assertThat(sent.get("refused").intValue()).isZero();
      assertThat(sent.get("truncated").get(0).textValue()).endsWith("recorded-rank1.cwrec");

      // Ten steps a second: due with the first sampled batch at least 10 steps after the one
      // before,
      // and with the end of rank 0.
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(reportedSteps(pipeline)).isEqualTo("[0,12,24,27]"));
      assertThat(replay(pipeline).out())
          .startsWith("66 captures are in Kafka or left out by the sampling; ")
          .contains("recorded-rank1.cwrec ends within a capture, which is left out");
      postBatchOfStep100(pipeline);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(reportedSteps(pipeline)).isEqualTo("[0,12,24,27,100]"));
    }
  }

  @Test
  void refusesWhatIsNoRecording(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("notes.txt"), "hello");
    CommandRun run = CommandRun.of("replay", "--bootstrap-servers", "127.0.0.1:1", file.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "collapsewatch replay: \"notes.txt\" is no recording: it does not begin with CWREC and version 1\n");
  }

  @Test
  void refusesASpeedOfNothing() {
    CommandRun run = CommandRun.of("replay", "--speed", "0", "a.cwrec");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("collapsewatch replay: --speed is 0.0; expected a number");
  }

  /** Behind everything that was replayed. */
  private static void postBatchOfStep100(LocalPipeline pipeline) throws Exception {
    FeatureBatch batch =
        FeatureBatch.of(
            CaptureHeader.of("recorded", 100)
                .withSender(0, 0, 2)
                .withSeq(OptionalLong.of(Long.MAX_VALUE)),
            Tensor.ofFloats(new float[] {1, 2, 3, 4}, 1, 4),
            Tensor.ofInts(new int[] {0}, 1));
    URI door = URI.create("http://127.0.0.1:%d/v1/capture".formatted(pipeline.agent().port()));
    HttpRequest post =
        HttpRequest.newBuilder(door)
            .POST(HttpRequest.BodyPublishers.ofByteArray(CaptureCodec.encode(batch)))
            .build();
    assertThat(HTTP.send(post, HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(202);
  }

  private static CommandRun replay(LocalPipeline pipeline, String... more) {
    CommandRun run =
        CommandRun.of(
            "replay",
            "--bootstrap-servers",
            pipeline.bootstrapServers(),
            RECORDINGS.resolve("recorded-rank0.cwrec").toString(),
            RECORDINGS.resolve("recorded-rank1.cwrec").toString(),
            more.length == 0 ? "--speed=1000" : more[0]);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run;
  }

  private static String reportedSteps(LocalPipeline pipeline) throws Exception {
    URI page =
        URI.create(
            "http://127.0.0.1:%d/api/v1/runs/recorded/series?keys=nc1"
                .formatted(pipeline.dashboard().port()));
    String body =
        HTTP.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    return new JsonMapper().readTree(body).at("/columns/step").toString();
  }
}
