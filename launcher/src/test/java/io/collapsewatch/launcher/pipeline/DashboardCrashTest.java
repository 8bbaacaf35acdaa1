package io.collapsewatch.launcher.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.launcher.MainProcess;
import io.collapsewatch.launcher.broker.EmbeddedBroker;
import io.collapsewatch.launcher.broker.TopicSetup;
import io.collapsewatch.protocol.MetricValues;
import io.collapsewatch.protocol.Topics;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.ReportJson;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dashboard in a process of its own is killed without warning, again and again. */
class DashboardCrashTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int REPORTS = 3000;
  private static final int KILLS = 3;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  @Test
  void noReportIsMissingOrThereTwice() throws Exception {
    int port = freePort();
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
      Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
      try (Admin admin = Admin.create(kafka)) {
        TopicSetup.EMBEDDED.ensure(admin);
      }
      long step = 0;
      for (int kill = 0; kill < KILLS; kill++) {
        long goal = step + 1;
        try (MainProcess dashboard = dashboard(broker.bootstrapServers(), port)) {
          step = send(kafka, step, step + REPORTS / KILLS);
          // Killed while it is writing: some reports are there, not all of them need be.
          await().atMost(PATIENCE).ignoreExceptions().until(() -> steps(port).size() >= goal);
          dashboard.kill();
        }
      }

      try (MainProcess dashboard = dashboard(broker.bootstrapServers(), port)) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> steps(port).size() >= REPORTS);
        assertThat(steps(port)).isEqualTo(LongStream.range(0, REPORTS).boxed().toList());
        dashboard.terminate();
      }
    }
  }

  private MainProcess dashboard(String bootstrapServers, int port) throws IOException {
    return MainProcess.start(
        "dashboard",
        "--bootstrap-servers",
        bootstrapServers,
        "--port",
        Integer.toString(port),
        "--data",
        folder.resolve("dashboard").toString());
  }

  /** Sends the reports of the steps from..to−1; the step after them. */
  private static long send(Map<String, Object> kafka, long from, long to) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (long step = from; step < to; step++) {
        byte[] json = ReportJson.encode(report(step));
        var unused =
            producer.send(new ProducerRecord<>(Topics.REPORTS, "run".getBytes(UTF_8), json));
      }
    }
    return to;
  }

  private static WindowReport report(long step) {
    return new WindowReport(
        WindowReport.VERSION,
        "run",
        0,
        "train",
        "penultimate",
        WindowReport.Kind.ROLLING,
        Optional.empty(),
        step,
        step,
        OptionalDouble.empty(),
        1_000_000 + step,
        OptionalInt.of(10),
        64,
        1,
        0,
        OptionalLong.empty(),
        new MetricValues(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of());
  }

  /** The steps in the history, read as anybody would. */
  private static List<Long> steps(int port) throws Exception {
    URI series =
        URI.create(
            "http://127.0.0.1:%d/api/v1/runs/run/series?keys=completeness&points=10000"
                .formatted(port));
    HttpResponse<String> answer =
        HTTP.send(HttpRequest.newBuilder(series).build(), HttpResponse.BodyHandlers.ofString());
    JsonNode columns = JSON.readTree(answer.body()).required("columns");
    List<Long> steps = new ArrayList<>();
    columns.required("step").forEach(step -> steps.add(step.longValue()));
    return steps;
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }
}
