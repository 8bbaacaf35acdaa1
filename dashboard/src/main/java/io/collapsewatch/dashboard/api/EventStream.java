package io.collapsewatch.dashboard.api;

import io.collapsewatch.dashboard.board.BoardListener;
import io.collapsewatch.dashboard.board.News;
import io.collapsewatch.dashboard.board.WatchedRun;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.AlertJson;
import io.collapsewatch.protocol.codec.FittedCurveJson;
import io.collapsewatch.protocol.codec.ReportJson;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.sse.SseClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells browsers what happens as it happens, by server-sent events. Whoever changes the board only
 * leaves word in the subscribers' queues; each has a thread that writes, and one whose queue is
 * full is disconnected. How runs stand is told at most four times a second.
 */
public final class EventStream implements BoardListener, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EventStream.class);

  /** The most subscribers at once. */
  static final int MOST_CLIENTS = 200;

  private static final String PATH = "/api/v1/events";
  private static final int FLUSH_MILLIS = 250;

  private static final Duration BEAT = Duration.ofSeconds(10);

  private final byte[] hello;
  private final Clock clock;
  private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
  private final LongAdder sent = new LongAdder();
  private final Map<String, WatchedRun> changed = new LinkedHashMap<>();
  private final ScheduledExecutorService flushes =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "collapsewatch-events");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param version of this build, which a page that was loaded from another one notices
   */
  public EventStream(String version) {
    this(version, BEAT, Clock.systemUTC());
  }

  /**
   * @param beat how often everybody hears something: how soon it is noticed that one has gone
   */
  EventStream(String version, Duration beat, Clock clock) {
    this.clock = clock;
    hello = Json.bytes(Json.object().put("version", version));
    repeat(this::flush, Duration.ofMillis(FLUSH_MILLIS));
    repeat(this::beat, beat);
  }

  private void repeat(Runnable task, Duration pause) {
    var unused =
        flushes.scheduleWithFixedDelay(
            () -> tried(task), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Thrown on, it would end the repetition silently. */
  private static void tried(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("telling the pages failed", e);
    }
  }

  /** Subscribers now. */
  public int clients() {
    return subscribers.size();
  }

  /** Events written since the start. */
  public long sent() {
    return sent.sum();
  }

  void addTo(RoutesConfig routes) {
    routes.before(PATH, this::requireRoom);
    routes.sse(PATH, this::subscribe);
  }

  private void requireRoom(Context ctx) {
    String accept = ctx.header("Accept");
    if (accept == null || !accept.contains("text/event-stream")) {
      throw new Refusal(
          HttpStatus.NOT_ACCEPTABLE,
          "not_acceptable",
          "Accept is %s; expected text/event-stream"
              .formatted(accept == null ? "missing" : Printable.quote(accept)));
    }
    if (subscribers.size() >= MOST_CLIENTS) {
      throw new Refusal(
          HttpStatus.SERVICE_UNAVAILABLE,
          "busy",
          "%d clients listen already; close some pages of the dashboard".formatted(MOST_CLIENTS));
    }
  }

  private void subscribe(SseClient client) {
    Subscriber subscriber = new Subscriber(client, client.ctx().queryParam("run"), sent::increment);
    client.keepAlive();
    client.onClose(
        () -> {
          subscribers.remove(subscriber);
          subscriber.close();
        });
    subscriber.offer(new Event("hello", hello));
    subscribers.add(subscriber);
    subscriber.start();
  }

  @Override
  public void changed(Collection<WatchedRun> runs, News news) {
    for (WindowReport report : news.reports()) {
      tellListeners(report.run(), "report", () -> ReportJson.encode(report));
    }
    for (FittedCurve curve : news.curves()) {
      tellListeners(curve.run(), "curve", () -> FittedCurveJson.encode(curve));
    }
    news.alerts().forEach(alert -> tell(alert.run(), new Event("alert", AlertJson.encode(alert))));
    synchronized (changed) {
      runs.forEach(run -> changed.put(run.id(), run));
    }
  }

  /** What is long goes only to those who listen to its run, and is not made for nobody. */
  private void tellListeners(String run, String name, Supplier<byte[]> json) {
    Event event = null;
    for (Subscriber subscriber : subscribers) {
      if (subscriber.listensTo(run)) {
        event = event == null ? new Event(name, json.get()) : event;
        subscriber.offer(event);
      }
    }
  }

  @Override
  public void gone(String run) {
    synchronized (changed) {
      changed.remove(run);
    }
    tell(run, new Event("gone", Json.bytes(Json.object().put("run", run))));
  }

  private void flush() {
    List<WatchedRun> runs;
    synchronized (changed) {
      runs = List.copyOf(changed.values());
      changed.clear();
    }
    if (!subscribers.isEmpty()) {
      runs.forEach(run -> tell(run.id(), new Event("run", Json.bytes(RunJson.summary(run)))));
    }
  }

  private void tell(String run, Event event) {
    for (Subscriber subscriber : subscribers) {
      if (subscriber.concernedBy(run)) {
        subscriber.offer(event);
      }
    }
  }

  /** So that a page notices a connection that died and by how much its clock differs. */
  private void beat() {
    Event event = new Event("beat", Json.bytes(Json.object().put("now_ms", clock.millis())));
    subscribers.forEach(subscriber -> subscriber.offer(event));
  }

  /** Disconnects everybody. */
  @Override
  public void close() {
    flushes.shutdownNow();
    subscribers.forEach(Subscriber::close);
  }

  /**
   * What a subscriber is told.
   *
   * @param data JSON on one line; not modified
   */
  // Shared by all subscribers, which only read it.
  @SuppressWarnings("ArrayRecordComponent")
  record Event(String name, byte[] data) {}
}
