package io.collapsewatch.launcher.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.agent.capture.Recorder;
import io.collapsewatch.launcher.MainProcess;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.Topics;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.CaptureCodec;
import io.collapsewatch.protocol.codec.ReportJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Broker, agent, analyzer and dashboard, each the real one, end to end. */
class LocalPipelineTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static LocalPipeline pipeline;

  @BeforeAll
  static void start() {
    pipeline = LocalPipeline.createTemporary(LocalPipeline.Ports.FREE);
    pipeline.start();
    await().atMost(Duration.ofSeconds(60)).until(pipeline::ready);
  }

  @AfterAll
  static void stop() {
    pipeline.close();
  }

  @Test
  void aBatchPostedOverHttpIsReported() throws Exception {
    Run run = new Run("posted");
    Capture batch = run.batch(run.header(3));

    assertThat(post(CaptureCodec.encode(batch)).statusCode()).isEqualTo(202);
    WindowReport report = awaitReports("posted", 1).get(0);
    assertThat(report.stepLast()).isEqualTo(3);
    assertThat(report.metrics().get(MetricKey.SAMPLES)).hasValue(32);
    assertThat(report.metrics().get(MetricKey.NC1)).isPresent();
  }

  @Test
  void aTailInAnotherProcessPrintsTheReport() throws Exception {
    Run run = new Run("tailed");
    try (MainProcess tail =
        MainProcess.start(
            "tail", "--bootstrap-servers", pipeline.bootstrapServers(), "--run", "tailed")) {
      await().atMost(PATIENCE).until(() -> !tail.lines().isEmpty());
      post(CaptureCodec.encode(run.batch(run.header(7))));

      await().atMost(PATIENCE).until(() -> tail.lines().size() == 2);
      assertThat(tail.lines().get(1)).contains("tailed").contains("rolling").contains(" 7 ");
    }
  }

  @Test
  void aRecordersRunIsMeasured() {
    Run made = new Run("recorded");
    RunSettings settings = RunSettings.builder().classes(Run.CLASSES).build();
    try (Recorder recorder = pipeline.agent().recorder("recorded", settings)) {
      recorder.step(1, 0.5);
      recorder.classifier(new float[Run.CLASSES][Run.DIM]);
      recorder.batch(rows(made), new int[] {0, 1, 2, 3, 4}, new float[5][Run.CLASSES]);
      try (Recorder.Snapshot pass = recorder.snapshot("pass")) {
        pass.batch(rows(made), new int[] {0, 1, 2, 3, 4});
        pass.batch(rows(made), new int[] {4, 3, 2, 1, 0});
      }
    }

    List<WindowReport> reports = awaitReports("recorded", 2);
    assertThat(reports)
        .extracting(r -> r.kind() + " " + r.metrics().get(MetricKey.SAMPLES).orElseThrow())
        .containsExactly("ROLLING 5.0", "SNAPSHOT 10.0");
    // All logits are 0: every margin is 0, and the one sample of class 0 counts as correct.
    assertThat(reports.get(0).marginsSeen().orElseThrow().count()).isEqualTo(5);
    assertThat(reports.get(0).metrics().get(MetricKey.ACCURACY)).hasValue(0.2);
    assertThat(reports.get(0).dropped()).isEmpty();
  }

  private static float[][] rows(Run made) {
    float[][] rows = new float[5][Run.DIM];
    double[] row = new double[Run.DIM];
    for (int i = 0; i < rows.length; i++) {
      made.batch(made.header(0)).features().readRow(i, row);
      for (int j = 0; j < row.length; j++) {
        rows[i][j] = (float) row[j];
      }
    }
    return rows;
  }

  @Test
  void garbageOnTheTopicGoesToTheDeadLettersAndTheAnalyzerGoesOn() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", pipeline.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(record("garbled", "no capture".getBytes(UTF_8))).get();
      Run run = new Run("garbled");
      producer.send(record("garbled", CaptureCodec.encode(run.batch(run.header(0))))).get();
    }

    assertThat(awaitReports("garbled", 1)).hasSize(1);
    try (TopicReader letters = new TopicReader(pipeline.bootstrapServers(), Topics.DEAD_LETTERS)) {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  letters.records().stream()
                      .anyMatch(each -> "garbled".equals(new String(each.key(), UTF_8))));
      ConsumerRecord<byte[], byte[]> letter =
          letters.records().stream()
              .filter(each -> "garbled".equals(new String(each.key(), UTF_8)))
              .findFirst()
              .orElseThrow();
      assertThat(letter.key()).isEqualTo("garbled".getBytes(UTF_8));
      assertThat(letter.value()).isEqualTo("no capture".getBytes(UTF_8));
      assertThat(new String(letter.headers().lastHeader("reason").value(), UTF_8))
          .isEqualTo("malformed");
    }
  }

  /** A dead letter is larger than what it is about: it has headers beside. */
  @Test
  void garbageOfTheLargestSizeGoesToTheDeadLettersToo() throws Exception {
    byte[] junk = new byte[1_048_400];
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", pipeline.bootstrapServers(), "max.request.size", 2 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(record("huge", junk)).get();
    }
    Run run = new Run("huge");
    post(CaptureCodec.encode(run.batch(run.header(0))));

    assertThat(awaitReports("huge", 1)).hasSize(1);
    try (TopicReader letters = new TopicReader(pipeline.bootstrapServers(), Topics.DEAD_LETTERS)) {
      await()
          .atMost(PATIENCE)
          .until(() -> letters.records().stream().anyMatch(r -> r.value().length == junk.length));
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String key, byte[] value) {
    return new ProducerRecord<>(Topics.CAPTURE, key.getBytes(UTF_8), value);
  }

  @Test
  void aMalformedPostIsAnsweredWithASentence() throws Exception {
    HttpResponse<String> answer = post(new byte[] {1, 2, 3});

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(new JsonMapper().readTree(answer.body()).get("detail").textValue())
        .isEqualTo(
            "the blob has 3 bytes; expected at least 8, which hold the length of the header");
  }

  @Test
  void readinessIsAnsweredByTheAgent() throws Exception {
    URI ready = URI.create("http://127.0.0.1:%d/health/ready".formatted(pipeline.agent().port()));
    HttpResponse<String> answer =
        HTTP.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"ready\":true,\"reasons\":[]}");
  }

  /** Ten batches of 32 rows are as many as the agent's sampling lets through at once: 5 · 64. */
  @Test
  void aWholeRunIsReportedInTheOrderOfItsSteps() throws Exception {
    for (Capture capture : Run.whole("whole", 10, OptionalLong.of(4))) {
      assertThat(post(CaptureCodec.encode(capture)).statusCode()).isEqualTo(202);
    }

    assertThat(awaitReports("whole", 5))
        .extracting(r -> r.kind() + " " + r.stepLast())
        .containsExactly("ROLLING 0", "ROLLING 4", "ROLLING 8", "SNAPSHOT 9", "ROLLING 9");
  }

  @Test
  void ranksThatStreamFeedOneWindowAndAHigherAttemptBeginsItAgain() throws Exception {
    Run run = new Run("streamed");
    try (StreamClient first = new StreamClient(pipeline.agent().streamPort());
        StreamClient second = new StreamClient(pipeline.agent().streamPort())) {
      first.send(List.of(run.classifier(run.header(0).withSender(0, 0, 2))));
      await().atMost(PATIENCE).until(() -> first.settled() == 1);
      second.send(
          List.of(
              run.classifier(run.header(1).withSender(0, 1, 2)),
              run.batch(run.header(1).withSender(0, 1, 2))));
      await().atMost(PATIENCE).until(() -> second.settled() == 2);
      first.send(
          List.of(
              run.batch(run.header(1).withSender(0, 0, 2)),
              new RunEnded(run.header(2).withSender(0, 0, 2)),
              run.batch(run.header(2).withSender(1, 0, 2))));
      await().atMost(PATIENCE).until(() -> first.settled() == 4);
    }

    assertThat(awaitReports("streamed", 3))
        .extracting(
            r ->
                "%d: %.0f samples, classifier of step %s"
                    .formatted(
                        r.attempt(),
                        r.metrics().get(MetricKey.SAMPLES).orElseThrow(),
                        r.classifierStep().stream().boxed().toList()))
        .containsExactly(
            "0: 32 samples, classifier of step [0]",
            "0: 64 samples, classifier of step [0]",
            "1: 32 samples, classifier of step []");
  }

  @Test
  void theDashboardShowsTheRun() throws Exception {
    Run run = new Run("shown");
    post(CaptureCodec.encode(run.batch(run.header(3))));

    await().atMost(PATIENCE).until(() -> dashboard("/api/v1/runs/shown").statusCode() == 200);
    JsonNode shown = new JsonMapper().readTree(dashboard("/api/v1/runs/shown").body());
    assertThat(shown.path("run").path("state").textValue()).isEqualTo("waiting");
    assertThat(shown.path("latest").get(0).path("report").path("step_last").intValue())
        .isEqualTo(3);
    assertThat(dashboard("/").body()).contains("CollapseWatch");
    assertThat(dashboard("/metrics").body()).contains("collapsewatch_nc1{");
  }

  private static HttpResponse<String> dashboard(String path) throws Exception {
    URI page = URI.create("http://127.0.0.1:" + pipeline.dashboard().port() + path);
    return HTTP.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(byte[] blob) throws IOException, InterruptedException {
    URI door = URI.create("http://127.0.0.1:%d/v1/capture".formatted(pipeline.agent().port()));
    return HTTP.send(
        HttpRequest.newBuilder(door).POST(HttpRequest.BodyPublishers.ofByteArray(blob)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static List<WindowReport> awaitReports(String run, int atLeast) {
    try (TopicReader reports = new TopicReader(pipeline.bootstrapServers(), Topics.REPORTS)) {
      return await()
          .atMost(PATIENCE)
          .until(() -> ofRun(reports.records(), run), found -> found.size() >= atLeast);
    }
  }

  private static List<WindowReport> ofRun(
      List<ConsumerRecord<byte[], byte[]>> records, String run) {
    return records.stream()
        .filter(record -> run.equals(new String(record.key(), UTF_8)))
        .map(record -> ReportJson.decode(record.value()))
        .toList();
  }
}
