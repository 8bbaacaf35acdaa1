package io.collapsewatch.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.collapsewatch.launcher.broker.EmbeddedBroker;
import io.collapsewatch.launcher.broker.TopicSetup;
import io.collapsewatch.launcher.report.Reports;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.Topics;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.ReportJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailCommandTest {

  private EmbeddedBroker broker;
  private Admin admin;
  private KafkaProducer<byte[], byte[]> producer;

  @BeforeEach
  void startBroker(@TempDir Path folder) {
    broker = EmbeddedBroker.start(folder, 0);
    Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    admin = Admin.create(kafka);
    producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterEach
  void stopBroker() {
    producer.close();
    admin.close();
    broker.close();
  }

  @Test
  void printsWhatIsThereInTheOrderOfTimeAndThenEachAsItComes() throws Exception {
    TopicSetup.EMBEDDED.ensure(admin);
    send(0, 2000, "second");
    send(1, 1000, "first");

    try (Tail tail = new Tail("--bootstrap-servers", broker.bootstrapServers())) {
      tail.awaitLines(3);
      send(2, 3000, "third");
      tail.awaitLines(4);

      List<String> lines = tail.out.toString().lines().toList();
      assertThat(lines.get(0)).startsWith("    time  run  ");
      assertThat(lines.get(1)).contains("  first  ").contains("snapshot").contains("0.01250");
      assertThat(lines.get(2)).contains("  second  ");
      assertThat(lines.get(3)).contains("  third  ");
      assertThat(tail.err.toString()).isEmpty();
    }
  }

  @Test
  void printsTheReportsOfOneRunAsJson() throws Exception {
    TopicSetup.EMBEDDED.ensure(admin);
    send(0, 1000, "mine");
    send(0, 2000, "yours");
    send(0, 3000, "mine");

    try (Tail tail =
        new Tail("--bootstrap-servers", broker.bootstrapServers(), "--run", "mine", "--json")) {
      tail.awaitLines(2);

      for (String line : tail.out.toString().lines().toList()) {
        assertThat(new JsonMapper().readTree(line).get("run").textValue()).isEqualTo("mine");
      }
    }
  }

  @Test
  void goesOnAfterARecordThatIsNoReport() throws Exception {
    TopicSetup.EMBEDDED.ensure(admin);
    producer.send(new ProducerRecord<>(Topics.REPORTS, 0, null, "[\u001b]".getBytes(UTF_8))).get();
    send(0, 1000, "good");

    try (Tail tail = new Tail("--bootstrap-servers", broker.bootstrapServers())) {
      tail.awaitLines(2);

      assertThat(tail.out.toString()).contains("  good  ");
      assertThat(tail.err.toString())
          .startsWith("record 0 of partition 0 is no report (")
          .endsWith("; skipped" + System.lineSeparator())
          .doesNotContain("\u001b");
    }
  }

  @Test
  void waitsForATopicThatIsNotThereYet() throws Exception {
    try (Tail tail = new Tail("--bootstrap-servers", broker.bootstrapServers())) {
      await()
          .atMost(20, TimeUnit.SECONDS)
          .until(
              () ->
                  tail.err
                      .toString()
                      .contains("topic collapsewatch.reports.v1 is not there yet; waiting for it"));
      TopicSetup.EMBEDDED.ensure(admin);
      send(3, 1000, "late");

      tail.awaitLines(2);
      assertThat(tail.out.toString()).contains("  late  ");
    }
  }

  @Test
  void saysThatKafkaIsAwayAndKeepsTrying() throws Exception {
    try (Tail tail = new Tail("--bootstrap-servers", "127.0.0.1:1")) {
      await()
          .atMost(20, TimeUnit.SECONDS)
          .until(
              () ->
                  tail.err
                      .toString()
                      .equals(
                          "Kafka is not reachable at 127.0.0.1:1; trying again"
                              + System.lineSeparator()));
      assertThat(tail.exitCode).isNotDone();
    }
  }

  /** The exit code is the one of a JVM that was told to end: 128 + 15. */
  @Test
  void endsWithinSecondsWhenToldTo() throws Exception {
    try (MainProcess tail =
        MainProcess.start("tail", "--bootstrap-servers", broker.bootstrapServers())) {
      await().atMost(20, TimeUnit.SECONDS).until(() -> !tail.lines().isEmpty());

      long told = System.nanoTime();
      tail.terminate();

      assertThat(tail.exitCode(20)).isEqualTo(143);
      assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(Duration.ofSeconds(2));
    }
  }

  private void send(int partition, long timestampMs, String run) throws Exception {
    WindowReport report =
        Reports.of(
            run,
            "train",
            "penultimate",
            WindowReport.Kind.SNAPSHOT,
            1,
            timestampMs,
            Map.of(MetricKey.NC1, 0.0125));
    producer
        .send(
            new ProducerRecord<>(
                Topics.REPORTS,
                partition,
                timestampMs,
                run.getBytes(UTF_8),
                ReportJson.encode(report)))
        .get();
  }

  /** The command at work; it ends when the reader of what it prints is gone. */
  private static final class Tail implements AutoCloseable {

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final CompletableFuture<Integer> exitCode;
    private volatile boolean gone;

    Tail(String... options) {
      String[] arguments = new String[options.length + 1];
      arguments[0] = "tail";
      System.arraycopy(options, 0, arguments, 1, options.length);
      PrintWriter reader = new PrintWriter(new Pipe(), true);
      exitCode =
          CompletableFuture.supplyAsync(
              () -> Main.run(Map.of(), reader, new PrintWriter(err, true), arguments));
    }

    void awaitLines(int count) {
      await().atMost(20, TimeUnit.SECONDS).until(() -> out.toString().lines().count() >= count);
    }

    @Override
    public void close() {
      gone = true;
      assertThat(exitCode.orTimeout(20, TimeUnit.SECONDS).join()).isZero();
    }

    private final class Pipe extends Writer {
      @Override
      public void write(char[] text, int from, int length) {
        out.write(text, from, length);
      }

      @Override
      public void flush() throws IOException {
        if (gone) {
          throw new IOException("Broken pipe");
        }
      }

      @Override
      public void close() {}
    }
  }
}
