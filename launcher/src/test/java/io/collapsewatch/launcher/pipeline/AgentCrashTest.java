package io.collapsewatch.launcher.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.collapsewatch.agent.capture.CaptureIntake;
import io.collapsewatch.launcher.MainProcess;
import io.collapsewatch.launcher.broker.EmbeddedBroker;
import io.collapsewatch.launcher.broker.TopicSetup;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.Topics;
import io.collapsewatch.protocol.codec.CaptureCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent in a process of its own is killed without warning while a client streams to it. */
class AgentCrashTest {

  private static final int STEPS = 120;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern PORT = Pattern.compile("captures at .* and 127.0.0.1:([0-9]+)");

  /**
   * With a report at each step, every row is within the budget of samples, which bursts of 320 rows
   * and 16384 rows a second do not exceed.
   */
  private static final List<Capture> CAPTURES = Run.whole("killed", STEPS, OptionalLong.of(1));

  @TempDir private Path folder;
  private EmbeddedBroker broker;

  @BeforeEach
  void start() throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      TopicSetup.EMBEDDED.ensure(admin);
    }
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void whatWasNotSettledIsSentAgainAndTheReportsAreAsWithoutACrash() throws Exception {
    int half = CAPTURES.size() / 2;
    int settled;
    try (MainProcess agent = agent();
        StreamClient client = new StreamClient(streamPort(agent))) {
      settled = stream(client, CAPTURES.subList(0, half));
      // Some of these reach Kafka and some do not; the client is told of neither.
      client.send(CAPTURES.subList(half, half + 8));
      agent.kill();
    }
    assertThat(settled).isEqualTo(half);

    List<Capture> again = new ArrayList<>(CAPTURES.subList(0, 1));
    again.addAll(CAPTURES.subList(settled, CAPTURES.size()));
    try (MainProcess agent = agent();
        StreamClient client = new StreamClient(streamPort(agent))) {
      assertThat(stream(client, again)).isEqualTo(again.size());
    }

    List<TestRecord<String, byte[]>> appended = appended();
    assertThat(appended)
        .extracting(record -> number(record.value()))
        .containsAll(CAPTURES.stream().map(each -> each.header().seq().getAsLong()).toList());
    assertThat(withoutTimes(appended, "crash")).isEqualTo(withoutTimes(expected(), "oracle"));
  }

  private MainProcess agent() throws IOException {
    return MainProcess.start(
        "agent",
        "--bootstrap-servers",
        broker.bootstrapServers(),
        "--agent-port",
        "0",
        "--stream-port",
        "0");
  }

  private static int streamPort(MainProcess agent) {
    String line = await().atMost(PATIENCE).until(agent::lines, all -> !all.isEmpty()).get(0);
    Matcher port = PORT.matcher(line);
    assertThat(port.matches()).as(line).isTrue();
    return Integer.parseInt(port.group(1));
  }

  /** Sends a few, waits until they are settled, and goes on; how many are in the end. */
  private static int stream(StreamClient client, List<Capture> captures) throws IOException {
    int settled = 0;
    for (int sent = 0; sent < captures.size(); sent += 2) {
      int upTo = Math.min(sent + 2, captures.size());
      client.send(captures.subList(sent, upTo));
      settled =
          await()
              .atMost(PATIENCE)
              .pollInSameThread()
              .pollDelay(Duration.ZERO)
              .pollInterval(Duration.ofMillis(5))
              .until(client::settled, count -> count == upTo);
    }
    return settled;
  }

  private List<TestRecord<String, byte[]>> appended() {
    try (TopicReader reader = new TopicReader(broker.bootstrapServers(), Topics.CAPTURE)) {
      List<ConsumerRecord<byte[], byte[]>> records =
          await()
              .atMost(PATIENCE)
              .until(
                  reader::records,
                  all -> !all.isEmpty() && number(all.get(all.size() - 1).value()) == last());
      return records.stream()
          .map(c -> new TestRecord<>(new String(c.key(), UTF_8), c.value(), null, c.timestamp()))
          .toList();
    }
  }

  private static long last() {
    return CAPTURES.get(CAPTURES.size() - 1).header().seq().getAsLong();
  }

  private static long number(byte[] blob) {
    return CaptureCodec.decode(ByteBuffer.wrap(blob)).header().seq().orElse(-1);
  }

  /** Oracle: the same intake in this process, by whose clock there is a second between captures. */
  private static List<TestRecord<String, byte[]>> expected() {
    TakenRecords sink = new TakenRecords();
    long[] now = {0};
    CaptureIntake intake = new CaptureIntake(sink, () -> now[0] += 1_000_000_000L);
    CAPTURES.forEach(intake::accept);
    return sink.records();
  }

  private List<String> withoutTimes(List<TestRecord<String, byte[]>> captures, String state) {
    return Reports.of(captures, folder.resolve(state)).stream().map(Reports::withoutTime).toList();
  }
}
