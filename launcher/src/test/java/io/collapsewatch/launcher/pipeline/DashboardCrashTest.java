package io.collapsewatch.launcher.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.launcher.MainProcess;
import io.collapsewatch.launcher.broker.EmbeddedBroker;
import io.collapsewatch.launcher.broker.TopicSetup;
import io.collapsewatch.launcher.report.Reports;
import io.collapsewatch.protocol.Topics;
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
import java.util.stream.IntStream;
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

  /** With one of so many reports an alert fires and is resolved. */
  private static final int REPORTS_PER_ALERT = 50;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  @Test
  void noReportOrAlertIsMissingOrThereTwice() throws Exception {
    int port = freePort();
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
      Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
      try (Admin admin = Admin.create(kafka)) {
        TopicSetup.EMBEDDED.ensure(admin);
      }
      int epoch = 0;
      for (int kill = 0; kill < KILLS; kill++) {
        int goal = epoch + 1;
        try (MainProcess dashboard = dashboard(broker.bootstrapServers(), port)) {
          epoch = send(kafka, epoch, epoch + REPORTS / KILLS);
          // Killed while it is writing: some reports are there, not all of them need be.
          await().atMost(PATIENCE).ignoreExceptions().until(() -> epochs(port).size() >= goal);
          dashboard.kill();
        }
      }

      try (MainProcess dashboard = dashboard(broker.bootstrapServers(), port)) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> epochs(port).size() >= REPORTS);
        assertThat(epochs(port)).isEqualTo(IntStream.range(0, REPORTS).boxed().toList());
        List<String> resolved =
            IntStream.range(0, REPORTS / REPORTS_PER_ALERT)
                .map(i -> REPORTS - REPORTS_PER_ALERT * (i + 1) + 1)
                .mapToObj(end -> "resolved at " + end)
                .toList();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(alerts(port)).isEqualTo(resolved));
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

  /** Sends the reports of the epochs from..to−1; the epoch after them. */
  private static int send(Map<String, Object> kafka, int from, int to) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int epoch = from; epoch < to; epoch++) {
        byte[] json = ReportJson.encode(Reports.rolling("run", epoch, Map.of()));
        var unused =
            producer.send(new ProducerRecord<>(Topics.REPORTS, "run".getBytes(UTF_8), json));
        if (epoch % REPORTS_PER_ALERT == 0) {
          unused = producer.send(alert(Alerts.firing(epoch)));
          unused = producer.send(alert(Alerts.resolved(epoch, epoch + 1)));
        }
      }
    }
    return to;
  }

  private static ProducerRecord<byte[], byte[]> alert(byte[] json) {
    return new ProducerRecord<>(Topics.ALERTS, "run".getBytes(UTF_8), json);
  }

  /** The alerts in the history, the newest first. */
  private static List<String> alerts(int port) throws Exception {
    List<String> alerts = new ArrayList<>();
    get(port, "/api/v1/runs/run")
        .required("alerts")
        .forEach(
            alert ->
                alerts.add(
                    alert.path("status").textValue() + " at " + alert.path("ends_ms").asText()));
    return alerts;
  }

  /** The epochs in the history, read as anybody would. */
  private static List<Integer> epochs(int port) throws Exception {
    JsonNode columns =
        get(port, "/api/v1/runs/run/series?keys=completeness&points=10000").required("columns");
    List<Integer> epochs = new ArrayList<>();
    columns.required("epoch").forEach(epoch -> epochs.add(epoch.intValue()));
    return epochs;
  }

  private static JsonNode get(int port, String path) throws Exception {
    URI address = URI.create("http://127.0.0.1:%d%s".formatted(port, path));
    HttpResponse<String> answer =
        HTTP.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    return JSON.readTree(answer.body());
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }
}
