package io.collapsewatch.launcher.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.collapsewatch.launcher.MainProcess;
import io.collapsewatch.launcher.broker.EmbeddedBroker;
import io.collapsewatch.launcher.broker.TopicSetup;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.Topics;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An analyzer in a process of its own is killed without warning and started again. */
class AnalyzerCrashTest {

  private static final int STEPS = 400;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;
  private EmbeddedBroker broker;
  private KafkaProducer<byte[], byte[]> producer;
  private TopicReader reports;
  private final List<ProducerRecord<byte[], byte[]>> captures = captures();

  @BeforeEach
  void start() throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
    Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(kafka)) {
      TopicSetup.EMBEDDED.ensure(admin);
    }
    // As the agent's: of several requests under way the first may be refused for ever.
    Map<String, Object> oneAtATime =
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "max.in.flight.requests.per.connection",
            1);
    producer =
        new KafkaProducer<>(oneAtATime, new ByteArraySerializer(), new ByteArraySerializer());
    reports = new TopicReader(broker.bootstrapServers(), Topics.REPORTS);
  }

  @AfterEach
  void stop() {
    reports.close();
    producer.close();
    broker.close();
  }

  @ParameterizedTest(name = "with its folder {0}")
  @ValueSource(strings = {"kept", "lost"})
  void theReportsAreThoseOfAnAnalyzerThatWasNotKilled(String folderAfterwards) throws Exception {
    int half = captures.size() / 2;
    try (MainProcess analyzer = analyzer("kept")) {
      send(captures.subList(0, half));
      await().atMost(PATIENCE).until(() -> reports.records().size() > 10);
      // Killed while it is at work on the next ones.
      send(captures.subList(half, half + half / 2));
      analyzer.kill();
    }
    int before = reports.records().size();

    send(captures.subList(half + half / 2, captures.size()));
    Map<String, List<String>> expected = reportsWithoutACrash();
    assertThat(before).isLessThan(count(expected));
    try (MainProcess analyzer = analyzer(folderAfterwards)) {
      await().atMost(PATIENCE).until(() -> reports.records().size() >= count(expected));
      analyzer.terminate();
    }
    assertThat(byRun(reports.records())).isEqualTo(expected);
  }

  private MainProcess analyzer(String stateFolder) throws IOException {
    return MainProcess.start(
        "analyzer",
        "--bootstrap-servers",
        broker.bootstrapServers(),
        "--partitions",
        "4",
        "--data",
        folder.resolve(stateFolder).toString());
  }

  private void send(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      sent.add(producer.send(record));
    }
    for (Future<RecordMetadata> each : sent) {
      each.get();
    }
  }

  /** Three runs side by side. */
  private static List<ProducerRecord<byte[], byte[]>> captures() {
    List<List<Capture>> runs =
        List.of(
            Run.whole("first", STEPS, OptionalLong.of(10)),
            Run.whole("second", STEPS, OptionalLong.empty()),
            Run.whole("third", STEPS, OptionalLong.of(7)));
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < runs.get(0).size(); i++) {
      for (List<Capture> run : runs) {
        Capture capture = run.get(i);
        byte[] key = capture.header().run().getBytes(UTF_8);
        records.add(new ProducerRecord<>(Topics.CAPTURE, key, CaptureCodec.encode(capture)));
      }
    }
    return records;
  }

  /** The captures as they lie in Kafka, stamped by the broker. */
  private List<ConsumerRecord<byte[], byte[]>> appended() {
    try (TopicReader reader = new TopicReader(broker.bootstrapServers(), Topics.CAPTURE)) {
      return await()
          .atMost(PATIENCE)
          .until(reader::records, records -> records.size() == captures.size());
    }
  }

  /** Oracle: the same topology, driven record by record in this process. */
  private Map<String, List<String>> reportsWithoutACrash() {
    List<TestRecord<String, byte[]>> records =
        appended().stream()
            .map(c -> new TestRecord<>(new String(c.key(), UTF_8), c.value(), null, c.timestamp()))
            .toList();
    Map<String, List<String>> reportsByRun = new TreeMap<>();
    for (TestRecord<String, byte[]> report : Reports.of(records, folder.resolve("oracle"))) {
      reportsByRun
          .computeIfAbsent(report.key(), run -> new ArrayList<>())
          .add(Reports.text(report));
    }
    return reportsByRun;
  }

  private static Map<String, List<String>> byRun(List<ConsumerRecord<byte[], byte[]>> records) {
    Map<String, List<String>> reportsByRun = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> report : records) {
      reportsByRun
          .computeIfAbsent(new String(report.key(), UTF_8), run -> new ArrayList<>())
          .add(new String(report.value(), UTF_8));
    }
    return reportsByRun;
  }

  private static int count(Map<String, List<String>> reportsByRun) {
    return reportsByRun.values().stream().mapToInt(List::size).sum();
  }
}
