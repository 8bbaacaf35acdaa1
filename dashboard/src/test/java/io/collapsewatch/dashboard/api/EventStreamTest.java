package io.collapsewatch.dashboard.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.history.History;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a beat of a moment instead of seconds. */
class EventStreamTest {

  @TempDir private Path folder;

  @Test
  void beatsTellTheTimeAndNoticeAListenerThatHasGone() throws Exception {
    try (History history = History.open(folder.resolve("history.db"));
        EventStream events =
            new EventStream(
                "test",
                Duration.ofMillis(20),
                Clock.fixed(Instant.ofEpochMilli(1_790_000_000_123L), ZoneOffset.UTC));
        ApiServer server =
            ApiServer.create(
                Door.loopback(0),
                new Board(),
                history,
                run -> false,
                events,
                () -> new byte[0],
                List::of)) {
      server.start();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        socket.setSoTimeout(10_000);
        socket
            .getOutputStream()
            .write(
                "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        assertThat(lines.lines().filter(line -> line.matches("(event|data): .*")).limit(6))
            .containsExactly(
                "event: hello",
                "data: {\"version\":\"test\"}",
                "event: beat",
                "data: {\"now_ms\":1790000000123}",
                "event: beat",
                "data: {\"now_ms\":1790000000123}");
        assertThat(events.clients()).isEqualTo(1);
        assertThat(events.sent()).isGreaterThanOrEqualTo(2);
      }
      await().until(() -> events.clients() == 0);
    }
  }
}
