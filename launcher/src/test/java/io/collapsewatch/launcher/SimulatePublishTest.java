package io.collapsewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.launcher.pipeline.LocalPipeline;
import io.collapsewatch.launcher.report.ReportFeed;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.WindowReport.Kind;
import io.collapsewatch.protocol.codec.ReportJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code simulate} prints is the oracle of what comes out behind Kafka and analyzer. */
class SimulatePublishTest {

  private static final LocalPipeline PIPELINE =
      LocalPipeline.createTemporary(LocalPipeline.Ports.FREE);

  /** Of doubles that are summed in another order. */
  private static final double ROUNDING = 1e-9;

  @BeforeAll
  static void start() {
    PIPELINE.start();
    await().atMost(Duration.ofSeconds(60)).until(PIPELINE::ready);
  }

  @AfterAll
  static void stop() {
    PIPELINE.close();
  }

  /** With 64 samples of each class the whole of a point fits the window and takes its place. */
  @Test
  void theReportsSayWhatTheLinesSay() throws Exception {
    List<JsonNode> lines =
        publish("ce-ufm --classes 4 --dim 6 --samples 64 --steps 1000 --every 200 --run exact");

    List<WindowReport> rolling = reports("exact", Kind.ROLLING, lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertThat(rolling.get(i).stepLast()).isEqualTo(lines.get(i).get("step").longValue());
      assertThat(rolling.get(i).stepFirst()).isEqualTo(rolling.get(i).stepLast());
      assertSame(rolling.get(i), lines.get(i), "");
    }
    WindowReport end = reports("exact", Kind.SNAPSHOT, 1).get(0);
    assertThat(end.stepLast()).isEqualTo(1000);
    assertSame(end, lines.get(lines.size() - 1), "");
  }

  @Test
  void theOtherLayersOfAModelAreReportedUnderTheirNames() throws Exception {
    List<JsonNode> lines =
        publish("mse-ufm-relu --classes 3 --dim 4 --samples 5 --steps 300 --every 100");

    List<WindowReport> ends = reports("simulated-mse-ufm-relu", Kind.SNAPSHOT, 2);
    assertThat(ends).extracting(WindowReport::layer).containsExactly("penultimate", "features");
    assertSame(ends.get(0), lines.get(3), "");
    assertSame(ends.get(1), lines.get(3), "features.");
  }

  /** Steps that begin again are those of a run that begins again, so nothing is left out. */
  @Test
  void aRunThatIsPublishedTwiceBeginsAgain() throws Exception {
    publish("mse-ufm --classes 3 --dim 4 --samples 5 --steps 20 --every 20 --run twice");
    publish("mse-ufm --classes 3 --dim 4 --samples 5 --steps 20 --every 20 --run twice --seed 2");

    assertThat(reports("twice", Kind.ROLLING, 4))
        .extracting(WindowReport::stepLast)
        .containsExactly(0L, 20L, 0L, 20L);
    assertThat(reports("twice", Kind.SNAPSHOT, 2)).hasSize(2);
  }

  @Test
  void aDescentThatDivergesEndsItsRun() {
    String command = "simulate mse-ufm-extended --learning-rate 900 --run diverged --publish";
    CommandRun run =
        CommandRun.of((command + " --bootstrap-servers " + PIPELINE.bootstrapServers()).split(" "));

    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("the objective is not finite after step");
    await().atMost(Duration.ofSeconds(30)).until(() -> state("diverged"), "ended"::equals);
  }

  private static String state(String run) throws Exception {
    int port = PIPELINE.dashboard().port();
    URI page = URI.create("http://127.0.0.1:%d/api/v1/runs/%s".formatted(port, run));
    HttpRequest get = HttpRequest.newBuilder(page).build();
    String body = HttpClient.newHttpClient().send(get, HttpResponse.BodyHandlers.ofString()).body();
    return new JsonMapper().readTree(body).at("/run/state").asText();
  }

  @Test
  void withoutKafkaOneSentenceSaysSo() {
    CommandRun run =
        CommandRun.of("simulate", "ce-ufm", "--publish", "--bootstrap-servers", "127.0.0.1:1");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "collapsewatch simulate: Kafka: no answer from 127.0.0.1:1 within 5 s\n");
  }

  private static List<JsonNode> publish(String model) throws Exception {
    String command = "simulate " + model + " --format json --publish --bootstrap-servers ";
    CommandRun run = CommandRun.of((command + PIPELINE.bootstrapServers()).split(" "));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).startsWith("published as run ");
    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      lines.add(new JsonMapper().readTree(line));
    }
    return lines;
  }

  private static List<WindowReport> reports(String run, Kind kind, int count) {
    List<WindowReport> found = new ArrayList<>();
    try (ReportFeed feed =
        new ReportFeed(
            Map.of("bootstrap.servers", PIPELINE.bootstrapServers()), 1000, sentence -> {})) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                feed.poll().stream()
                    .map(record -> ReportJson.decode(record.value()))
                    .filter(report -> report.run().equals(run) && report.kind() == kind)
                    .forEach(found::add);
                return found.size() >= count;
              });
    }
    return found;
  }

  /** Every metric of the report that a line has, and every one of the line. */
  private static void assertSame(WindowReport report, JsonNode line, String prefix) {
    int compared = 0;
    for (MetricKey key : MetricKey.values()) {
      if (!key.ofSamples()) {
        continue;
      }
      JsonNode printed = line.get(prefix + key.key());
      OptionalDouble reported = report.metrics().get(key);
      assertThat(reported.isPresent()).as(key.key()).isEqualTo(printed.isNumber());
      if (reported.isPresent()) {
        double value = printed.doubleValue();
        assertThat(reported.getAsDouble())
            .as("%s at step %d", key, report.stepLast())
            .isCloseTo(value, within(ROUNDING * Math.max(1e-6, Math.abs(value))));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(8);
  }
}
