package io.collapsewatch.agent.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.collapsewatch.agent.capture.CannotListenException;
import io.collapsewatch.agent.capture.CaptureIntake;
import io.collapsewatch.agent.capture.CollectingSink;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.RunEnded;
import io.collapsewatch.protocol.Tensor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server on real sockets, before a sink in memory. */
class StreamServerTest {

  @TempDir private Path folder;
  private final CollectingSink sink = new CollectingSink();
  private final AtomicLong nanos = new AtomicLong();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private StreamServer server;

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @Test
  void capturesAreTakenInTheOrderOfTheirFrames() throws Exception {
    start(Optional.empty(), Optional.empty());
    StreamClient client = tcp();
    client.send(end(1)).send(end(2)).send(end(3));

    assertThat(client.counters().toString())
        .isEqualTo("{\"received\":3,\"settled\":0,\"refused\":0}");
    assertThat(sink.captures()).containsExactly(end(1), end(2), end(3));
  }

  @Test
  void theFirstOnesWithoutAGapAreSettled() throws Exception {
    start(Optional.empty(), Optional.empty());
    StreamClient client = tcp();
    client.send(end(1)).send(end(2)).send(end(3)).counters();

    sink.taken().get(1).onSettled().run();
    assertThat(settled(client)).isZero();
    sink.taken().get(0).onSettled().run();
    assertThat(settled(client)).isEqualTo(2);
    sink.taken().get(2).onLost().run();
    sink.taken().get(2).onSettled().run();
    assertThat(settled(client)).isEqualTo(3);
  }

  @Test
  void whatTheSamplingLeavesOutIsSettled() throws Exception {
    start(Optional.empty(), Optional.empty());
    StreamClient client = tcp();
    client.send(batch(0, 1, 200)).send(batch(1, 2, 200));

    JsonNode counters = client.counters();
    assertThat(sink.batches()).hasSize(1);
    sink.taken().forEach(each -> each.onSettled().run());
    assertThat(counters.get("received").intValue()).isEqualTo(2);
    assertThat(settled(client)).isEqualTo(2);
  }

  @Test
  void aRepeatIsSettledWhenWhatItRepeatsIs() throws Exception {
    start(Optional.empty(), Optional.empty());
    tcp().send(batch(0, 1, 1)).send(batch(1, 2, 1)).counters();
    StreamClient again = tcp();
    again.send(batch(0, 1, 1)).send(batch(1, 2, 1));

    assertThat(settled(again)).isZero();
    assertThat(sink.batches()).hasSize(2);
    sink.taken().forEach(each -> each.onSettled().run());
    assertThat(settled(again)).isEqualTo(2);
  }

  @Test
  void aRefusedCaptureIsCountedWithItsSentenceAndTheConnectionGoesOn() throws Exception {
    start(Optional.empty(), Optional.empty());
    StreamClient client = tcp();
    client.frame("no capture".getBytes(UTF_8)).send(batch(0, 1, 4)).send(wider(1)).send(end(9));

    assertThat(client.counters().toString())
        .isEqualTo(
            "{\"received\":4,\"settled\":1,\"refused\":2,\"refusal\":\"features is 3 wide and layer penultimate of the run is 2 wide; a layer keeps its width\"}");
    assertThat(sink.captures()).hasSize(2);
  }

  @Test
  void aFullBufferHoldsTheClientBackAndLosesNothing() throws Exception {
    start(Optional.empty(), Optional.empty());
    sink.full(true);
    StreamClient client = tcp();
    client.send(end(1)).send(end(2)).raw(StreamClient.length(0));
    assertThat(sink.captures()).isEmpty();

    sink.full(false);
    assertThat(client.answer().get("received").intValue()).isEqualTo(2);
    assertThat(sink.captures()).containsExactly(end(1), end(2));
  }

  @Test
  void aBrowserIsToldAndSentAway() throws Exception {
    start(Optional.empty(), Optional.empty());
    StreamClient browser = tcp();
    browser.raw("GET / HTTP/1.1\r\nHost: localhost:7072\r\n\r\n".getBytes(UTF_8));

    // "GET " read as a little-endian length.
    assertThat(browser.answer().get("refusal").textValue())
        .isEqualTo("a frame claims 542393671 bytes; expected at most 67108864, those of a capture");
    assertThat(browser.ended()).isTrue();
  }

  @Test
  void aFrameThatIsTooLongIsRefusedUnreadAndWhatCameBeforeStays() throws Exception {
    start(Optional.empty(), Optional.empty());
    StreamClient client = tcp();
    client.send(end(1)).raw(StreamClient.length(67_108_865)).raw(new byte[1000]);

    JsonNode answer = client.answer();
    assertThat(answer.get("received").intValue()).isEqualTo(1);
    assertThat(answer.get("refused").intValue()).isZero();
    assertThat(answer.get("refusal").textValue())
        .isEqualTo("a frame claims 67108865 bytes; expected at most 67108864, those of a capture");
    assertThat(client.ended()).isTrue();
    assertThat(sink.captures()).containsExactly(end(1));
  }

  @Test
  void aClientThatDiesWithinAFrameLeavesNothing() throws Exception {
    start(Optional.empty(), Optional.empty());
    StreamClient client = tcp();
    client.raw(StreamClient.length(1000)).raw(new byte[400]).close();

    await().until(() -> server.connections() == 0);
    assertThat(sink.captures()).isEmpty();
  }

  @Test
  void aFrameThatStopsHalfwayIsEndedAfterAMinuteAndAnIdleConnectionIsNot() throws Exception {
    start(Optional.empty(), Optional.empty());
    StreamClient idle = tcp();
    idle.counters();
    StreamClient half = tcp();
    half.counters();
    half.raw(StreamClient.length(1000)).raw(new byte[400]);
    await()
        .untilAsserted(
            () -> {
              nanos.addAndGet(Duration.ofSeconds(61).toNanos());
              server.closeStalled();
              assertThat(server.connections()).isEqualTo(1);
            });

    assertThat(half.ended()).isTrue();
    assertThat(idle.counters().get("received").intValue()).isZero();
  }

  @Test
  void theTokenIsTheFirstFrameOfATcpConnection() throws Exception {
    start(Optional.empty(), Optional.of("s3cret"));
    StreamClient client = tcp();
    client.frame("Bearer s3cret".getBytes(UTF_8)).send(end(1));

    assertThat(client.counters().get("received").intValue()).isEqualTo(1);
    assertThat(sink.captures()).containsExactly(end(1));
  }

  @Test
  void withoutTheTokenNothingIsTaken() throws Exception {
    start(Optional.empty(), Optional.of("s3cret"));
    byte[] another = "Bearer another".getBytes(UTF_8);
    for (byte[] first : List.of(another, "x".repeat(5000).getBytes(UTF_8), new byte[0])) {
      StreamClient client = tcp();
      client.frame(first).send(end(1));

      assertThat(client.answer().toString())
          .isEqualTo(
              "{\"received\":0,\"settled\":0,\"refused\":0,\"refusal\":\"the first frame is not the agent's token; expected \\\"Bearer \\\" with the token that the agent was started with\"}");
      assertThat(client.ended()).isTrue();
    }
    assertThat(sink.captures()).isEmpty();
  }

  @Test
  void theUnixSocketIsItsOwnersAndNeedsNoToken() throws Exception {
    Path socket = folder.resolve("agent.sock");
    start(Optional.of(socket), Optional.of("s3cret"));
    StreamClient client = open(StreamClient.unix(socket));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
    assertThat(client.send(end(1)).counters().get("received").intValue()).isEqualTo(1);
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(socket));
  }

  @Test
  void theUnixSocketGoesWithItsAgent() throws Exception {
    Path socket = folder.resolve("agent.sock");
    start(Optional.of(socket), Optional.empty());
    server.close();
    assertThat(socket).doesNotExist();
  }

  @Test
  void theSocketFileOfADeadAgentIsReplaced() throws Exception {
    Path socket = folder.resolve("agent.sock");
    ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    dead.bind(UnixDomainSocketAddress.of(socket)).close();
    assertThat(socket).exists();

    start(Optional.of(socket), Optional.empty());
    StreamClient client = open(StreamClient.unix(socket));
    assertThat(client.send(end(1)).counters().get("received").intValue()).isEqualTo(1);
  }

  @Test
  void theSocketOfALivingAgentIsNot() throws Exception {
    Path socket = folder.resolve("agent.sock");
    start(Optional.of(socket), Optional.empty());
    StreamServer second = open(create(Optional.of(socket), Optional.empty()));

    assertThatThrownBy(second::start)
        .isInstanceOf(CannotListenException.class)
        .hasMessage(
            "another agent listens at \"%s\"; end it, or name another place with --stream-socket",
            socket);
    second.close();
    assertThat(open(StreamClient.unix(socket)).counters().get("received").intValue()).isZero();
  }

  @Test
  void aFileThatIsNoSocketStays() throws Exception {
    Path file = Files.writeString(folder.resolve("notes.txt"), "mine");
    StreamServer refused = open(create(Optional.of(file), Optional.empty()));

    assertThatThrownBy(refused::start)
        .isInstanceOf(CannotListenException.class)
        .hasMessage(
            "\"%s\" is there and is no socket; name another place with --stream-socket", file);
    assertThat(file).hasContent("mine");
  }

  @Test
  void aPathThatIsTooLongForASocketIsRefused() {
    Path path = Path.of("/tmp/" + "x".repeat(96));
    StreamServer refused = open(create(Optional.of(path), Optional.empty()));

    assertThatThrownBy(refused::start)
        .isInstanceOf(CannotListenException.class)
        .hasMessage(
            "the path \"%s…\" has 101 bytes; expected at most 100, which is what the address of a Unix domain socket holds",
            path.toString().substring(0, 80));
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    start(Optional.empty(), Optional.empty());
    StreamServer second =
        open(
            StreamServer.create(
                server.port(), Optional.empty(), Optional.empty(), intake(), nanos::get));
    assertThatThrownBy(second::start)
        .isInstanceOf(CannotListenException.class)
        .hasMessage("port %d is taken; choose another with --stream-port".formatted(server.port()));
  }

  @Test
  void moreClientsThanThereIsRoomForAreTold() throws Exception {
    start(Optional.empty(), Optional.empty());
    for (int i = 0; i < StreamServer.MOST_CONNECTIONS; i++) {
      tcp();
    }
    await().until(() -> server.connections() == StreamServer.MOST_CONNECTIONS);

    assertThat(tcp().answer().get("refusal").textValue())
        .isEqualTo("there are 256 stream connections already, which is the most; close one");
  }

  private void start(Optional<Path> socket, Optional<String> token) {
    server = open(create(socket, token));
    server.start();
  }

  private StreamServer create(Optional<Path> socket, Optional<String> token) {
    return StreamServer.create(0, socket, token, intake(), nanos::get);
  }

  private CaptureIntake intake() {
    return new CaptureIntake(sink, nanos::get);
  }

  private StreamClient tcp() throws IOException {
    return open(StreamClient.tcp(server.port()));
  }

  private <T extends AutoCloseable> T open(T part) {
    opened.add(part);
    return part;
  }

  private static long settled(StreamClient client) throws IOException {
    return client.counters().get("settled").longValue();
  }

  private static Capture end(long step) {
    return new RunEnded(CaptureHeader.of("r", step));
  }

  /** A batch of a run with two classes of width 2, whose budget is 2·64 rows. */
  private static FeatureBatch batch(long step, long seq, int rows) {
    return batch(step, rows, 2, OptionalLong.of(seq));
  }

  private static FeatureBatch wider(long step) {
    return batch(step, 1, 3, OptionalLong.empty());
  }

  private static FeatureBatch batch(long step, int rows, int dim, OptionalLong seq) {
    int[] labels = new int[rows];
    labels[0] = 1;
    return FeatureBatch.of(
        CaptureHeader.of("r", step).withSeq(seq),
        Tensor.ofFloats(new float[rows * dim], rows, dim),
        Tensor.ofInts(labels, rows));
  }
}
