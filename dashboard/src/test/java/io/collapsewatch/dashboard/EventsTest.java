package io.collapsewatch.dashboard;

import static io.collapsewatch.dashboard.Given.alert;
import static io.collapsewatch.dashboard.Given.curve;
import static io.collapsewatch.dashboard.Given.nc1;
import static io.collapsewatch.dashboard.Given.report;
import static io.collapsewatch.dashboard.Running.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.AlertJson;
import io.collapsewatch.protocol.codec.FittedCurveJson;
import io.collapsewatch.protocol.codec.ReportJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private Running dashboard;
  private final List<Listener> listeners = new ArrayList<>();

  @BeforeEach
  void start() {
    dashboard = Running.in(folder);
  }

  @AfterEach
  void stop() throws IOException {
    for (Listener listener : listeners) {
      listener.close();
    }
    dashboard.close();
  }

  @Test
  void aListenerToARunHearsItsReportsAndHowItStands() throws Exception {
    Listener listener = listen("?run=r");
    assertThat(listener.next()).isEqualTo("hello {\"version\":\"development\"}");
    WindowReport report = report("r", 3).margins(1, 2).norm("a\nb", 1).build();
    dashboard.feed().bring(nc1("other", 3, 1), report);

    assertThat(listener.next())
        .isEqualTo("report " + new String(ReportJson.encode(report), StandardCharsets.UTF_8));
    String run = listener.next();
    assertThat(run).startsWith("run {\"run\":\"r\",");
    JsonNode summary = JSON.readTree(run.substring(4));
    JsonNode listed = dashboard.json("/api/v1/runs/r").path("run");
    ((ObjectNode) listed).remove("spark");
    assertThat(summary).isEqualTo(listed);

    dashboard.send(dashboard.request("/api/v1/runs/other").DELETE());
    dashboard.send(dashboard.request("/api/v1/runs/r").DELETE());
    assertThat(listener.next()).isEqualTo("gone {\"run\":\"r\"}");
  }

  @Test
  void aListenerToAllHearsHowTheyStandButNoReports() throws Exception {
    Listener listener = listen("");
    listener.next();
    dashboard.feed().bring(nc1("a", 3, 1), nc1("b", 3, 1));
    assertThat(listener.next()).startsWith("run {\"run\":\"a\",");
    assertThat(listener.next()).startsWith("run {\"run\":\"b\",");
    dashboard.send(dashboard.request("/api/v1/runs/a").DELETE());
    assertThat(listener.next()).isEqualTo("gone {\"run\":\"a\"}");
  }

  @Test
  void anAlertIsToldToAllAndToWhoListensToItsRun() throws Exception {
    Listener all = listen("");
    Listener one = listen("?run=r");
    Listener other = listen("?run=other");
    all.next();
    one.next();
    other.next();
    Alert alert = alert("r", Alert.State.STALLED, 2000);
    dashboard.feed().bring(alert);
    dashboard.feed().bring(alert("other", Alert.State.SILENT, 3000));

    String event = "alert " + new String(AlertJson.encode(alert), StandardCharsets.UTF_8);
    assertThat(all.next()).isEqualTo(event);
    assertThat(one.next()).isEqualTo(event);
    assertThat(one.next()).startsWith("run {\"run\":\"r\",").contains("\"alerts_firing\":1");
    assertThat(other.next()).startsWith("alert {\"version\":1,\"run\":\"other\",");
  }

  @Test
  void aCurveIsToldToWhoListensToItsRun() throws Exception {
    Listener one = listen("?run=r");
    Listener other = listen("");
    one.next();
    other.next();
    dashboard.feed().bring(curve("r", 0, 0.5));

    assertThat(one.next())
        .isEqualTo(
            "curve "
                + new String(FittedCurveJson.encode(curve("r", 0, 0.5)), StandardCharsets.UTF_8));
    assertThat(other.next()).startsWith("run {\"run\":\"r\",");
  }

  @Test
  void howARunStandsIsToldFourTimesASecondAtMost() throws Exception {
    Listener listener = listen("");
    listener.next();
    long start = System.nanoTime();
    for (int step = 0; step < 200; step++) {
      dashboard.feed().bring(nc1("r", step, 1));
    }
    int told = 0;
    JsonNode last = null;
    while (last == null || last.path("step").intValue() < 199) {
      last = JSON.readTree(listener.next().substring(4));
      told++;
    }
    long quarters = (System.nanoTime() - start) / 250_000_000;
    assertThat((long) told).isLessThanOrEqualTo(quarters + 2);
  }

  /** Its socket is never read: what the kernel does not hold piles up, and then it is cut off. */
  @Test
  void whoDoesNotReadIsDisconnectedAndHoldsUpNobody() throws Exception {
    Listener reads = listen("?run=r");
    reads.next();
    Socket deaf = connect("?run=r");
    await().until(() -> clients() == 2);
    WindowReport large = report("r", 3).norm("x".repeat(200_000), 1).build();
    int heard = 0;
    for (int sent = 0; clients() == 2 && sent < 2_000; sent++) {
      dashboard.feed().bring(large);
      while (heard <= sent) {
        heard += reads.next().startsWith("report ") ? 1 : 0;
      }
    }
    assertThat(clients()).isEqualTo(1);
    assertThat(reads.open()).isTrue();
    deaf.close();
  }

  @Test
  void thereIsRoomForTwoHundred() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      sockets.add(connect(""));
    }
    await().until(() -> clients() == 200);
    assertProblem(
        dashboard.send(dashboard.request("/api/v1/events").header("Accept", "text/event-stream")),
        503,
        "busy",
        "200 clients listen already; close some pages of the dashboard");
    for (Socket socket : sockets) {
      socket.close();
    }
    // That a client has gone is noticed when something is written to it.
    await()
        .until(
            () -> {
              dashboard.feed().bring(nc1("r", 1, 1));
              return clients() == 0;
            });
  }

  @Test
  void onlyWhoWantsEventsGetsThem() throws Exception {
    assertProblem(
        dashboard.get("/api/v1/events"),
        406,
        "not_acceptable",
        "Accept is missing; expected text/event-stream");
  }

  @Test
  void stoppingEndsTheStreamsAtOnce() throws Exception {
    Listener listener = listen("");
    listener.next();
    long start = System.nanoTime();
    dashboard.close();
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(5);
    await().until(() -> !listener.open());
  }

  private long clients() throws Exception {
    return dashboard
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("collapsewatch_event_clients "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private Listener listen(String query) throws IOException {
    Listener listener = new Listener(connect(query));
    listeners.add(listener);
    return listener;
  }

  private Socket connect(String query) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), dashboard.port());
    socket
        .getOutputStream()
        .write(
            ("GET /api/v1/events"
                    + query
                    + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Reads events on a thread of its own. */
  private static final class Listener implements AutoCloseable {
    private final Socket socket;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private volatile boolean open = true;

    Listener(Socket socket) {
      this.socket = socket;
      Thread thread = new Thread(this::read, "listener");
      thread.setDaemon(true);
      thread.start();
    }

    private void read() {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
        String event = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("event: ")) {
            event = line.substring(7);
          } else if (line.startsWith("data: ") && !event.equals("beat")) {
            events.add(event + " " + line.substring(6));
          }
        }
      } catch (IOException e) {
        // The end, as well.
      }
      open = false;
    }

    /** The next event: its name and its data. */
    String next() throws InterruptedException {
      String event = events.poll(20, TimeUnit.SECONDS);
      assertThat(event).as("an event within 20 s").isNotNull();
      return event;
    }

    boolean open() {
      return open;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
