package io.collapsewatch.agent.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.collapsewatch.agent.capture.CaptureIntake;
import io.collapsewatch.agent.capture.CaptureServer;
import io.collapsewatch.agent.capture.Recorder;
import io.collapsewatch.agent.publish.KafkaSink;
import io.collapsewatch.agent.stream.StreamServer;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page before a sink whose broker is away; nothing listens on port 1 of this machine. */
class MetricsPageTest {

  private static final int BUFFER_BYTES = 1 << 20;
  private static final byte[] END =
      CaptureCodec.encode(new RunEnded(CaptureHeader.of("posted", 3)));

  private final HttpClient client = HttpClient.newHttpClient();
  private final KafkaSink sink = KafkaSink.start("127.0.0.1:1", BUFFER_BYTES, Map.of());
  private final CaptureIntake intake = new CaptureIntake(sink, System::nanoTime);
  private final StreamServer streams =
      StreamServer.create(0, Optional.empty(), Optional.empty(), intake, System::nanoTime);
  private final MetricsPage page = new MetricsPage(intake.counts(), sink, streams);
  private CaptureServer server;

  @AfterEach
  void stop() {
    server.close();
    streams.close();
    sink.close(Duration.ZERO);
  }

  @Test
  void whatCameThroughADoorIsCounted() throws Exception {
    start(Optional.empty());
    post(END);
    post(new byte[] {1, 2, 3});

    assertThat(lines("collapsewatch_captures_"))
        .contains(
            "collapsewatch_captures_received_total{door=\"http\"} 2.0",
            "collapsewatch_captures_taken_total{door=\"http\"} 1.0",
            "collapsewatch_captures_refused_total{door=\"http\"} 1.0",
            "collapsewatch_captures_received_total{door=\"stream\"} 0.0");
  }

  @Test
  void sampledAndLeftOutRowsAreCounted() throws Exception {
    start(Optional.empty());
    try (Recorder recorder =
        Recorder.start(intake, "r", RunSettings.builder().classes(2).build())) {
      recorder.batch(new float[300][2], new int[300], new float[300][2]);
      recorder.batch(new float[1][2], new int[] {7}, new float[1][2]);
    }

    // Two classes of at most 64 samples are all that a window holds.
    assertThat(lines("collapsewatch_rows_"))
        .containsExactly(
            "collapsewatch_rows_left_out_total 172.0", "collapsewatch_rows_sampled_total 128.0");
    assertThat(lines("collapsewatch_messages_dropped_total{"))
        .containsExactlyInAnyOrder(
            "collapsewatch_messages_dropped_total{reason=\"buffer_full\"} 0.0",
            "collapsewatch_messages_dropped_total{reason=\"kafka_failed\"} 0.0",
            "collapsewatch_messages_dropped_total{reason=\"refused\"} 1.0");
  }

  @Test
  void theWayToKafkaIsMeasured() throws Exception {
    start(Optional.empty());
    post(END);
    try (Socket stream = new Socket(InetAddress.getLoopbackAddress(), streams.port())) {
      stream.getOutputStream().write(new byte[4]);
      assertThat(stream.getInputStream().read()).isPositive();

      assertThat(lines("collapsewatch_buffer_", "collapsewatch_kafka_", "collapsewatch_stream_"))
          .containsExactlyInAnyOrder(
              "collapsewatch_buffer_bytes %.1f".formatted((double) END.length),
              "collapsewatch_buffer_limit_bytes 1048576.0",
              "collapsewatch_kafka_connected 0.0",
              "collapsewatch_stream_connections 1.0");
    }
    assertThat(lines("collapsewatch_published_bytes_total "))
        .containsExactly("collapsewatch_published_bytes_total 0.0");
  }

  @Test
  void theProcessIsMeasuredToo() throws Exception {
    start(Optional.empty());
    assertThat(lines("jvm_memory_used_bytes{")).isNotEmpty();
    assertThat(lines("process_uptime_seconds ")).hasSize(1);
  }

  @Test
  void withATokenThePageNeedsIt() throws Exception {
    start(Optional.of("s3cret"));
    assertThat(get().statusCode()).isEqualTo(401);
  }

  @Test
  void promtoolAcceptsIt() throws Exception {
    assumeTrue(
        promtoolIsThere() || "true".equals(System.getenv("CI")),
        "promtool is not installed; the Debian package prometheus has it");
    start(Optional.empty());
    Process promtool = new ProcessBuilder("promtool", "check", "metrics").start();
    promtool.getOutputStream().write(get().body().getBytes(StandardCharsets.UTF_8));
    promtool.getOutputStream().close();
    String said = new String(promtool.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).isEmpty();
    assertThat(promtool.waitFor()).isZero();
  }

  private static boolean promtoolIsThere() {
    try {
      return new ProcessBuilder("promtool", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void start(Optional<String> token) {
    server = CaptureServer.create("127.0.0.1", 0, token, intake, List::of, page::get);
    server.start();
    streams.start();
  }

  private void post(byte[] blob) throws IOException, InterruptedException {
    var unused =
        client.send(
            HttpRequest.newBuilder(uri("/v1/capture"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(blob))
                .build(),
            BodyHandlers.discarding());
  }

  private HttpResponse<String> get() throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri("/metrics")).build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path));
  }

  private List<String> lines(String... prefixes) throws IOException, InterruptedException {
    return get()
        .body()
        .lines()
        .filter(line -> List.of(prefixes).stream().anyMatch(line::startsWith))
        .toList();
  }
}
