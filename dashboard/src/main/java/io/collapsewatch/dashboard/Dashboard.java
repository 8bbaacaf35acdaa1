package io.collapsewatch.dashboard;

import io.collapsewatch.dashboard.api.ApiServer;
import io.collapsewatch.dashboard.api.EventStream;
import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.feed.Feed;
import io.collapsewatch.dashboard.feed.Intake;
import io.collapsewatch.dashboard.feed.KafkaFeed;
import io.collapsewatch.dashboard.history.History;
import io.collapsewatch.dashboard.history.HistoryException;
import io.collapsewatch.dashboard.prometheus.MetricsPage;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is reported and shows it, over HTTP. A Kafka that is away is waited for; what was
 * reported before is shown meanwhile.
 */
public final class Dashboard implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Dashboard.class);

  private final History history;
  private final Feed feed;
  private final ApiServer server;
  private final Supplier<List<String>> othersMissing;
  private final Optional<Runnable> expire;
  private final ScheduledExecutorService expiry =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "collapsewatch-expiry");
            thread.setDaemon(true);
            return thread;
          });

  private Dashboard(
      DashboardConfig config,
      History history,
      Supplier<List<String>> othersMissing,
      Function<Intake, Feed> feedOf) {
    this.history = history;
    this.othersMissing = othersMissing;
    Board board = new Board();
    Intake intake = new Intake(history, board);
    this.feed = feedOf.apply(intake);
    EventStream events = new EventStream(version());
    board.listen(events);
    MetricsPage metrics = new MetricsPage(board, new Counts(intake, events));
    this.server =
        ApiServer.create(
            config.door(), board, history, intake::hide, events, metrics::get, this::missing);
    this.expire = config.keep().map(keep -> () -> expire(intake, keep));
  }

  /** See {@link #create(DashboardConfig, Supplier)}; it depends on nothing but Kafka. */
  public static Dashboard create(DashboardConfig config) {
    return create(config, List::of);
  }

  /**
   * A dashboard that has opened its history, but reads nothing and does not listen yet.
   *
   * @param othersMissing what else, in sentences, keeps this process from doing its work; for
   *     {@link #ready}
   * @throws HistoryException if the history cannot be used, in one sentence
   * @throws IllegalArgumentException if Kafka's client refuses its settings, in one sentence
   */
  public static Dashboard create(DashboardConfig config, Supplier<List<String>> othersMissing) {
    return create(
        config,
        othersMissing,
        intake -> KafkaFeed.create(intake, config.bootstrapServers(), config.consumerOverrides()));
  }

  /** The same, fed from elsewhere. */
  static Dashboard create(
      DashboardConfig config, Supplier<List<String>> othersMissing, Function<Intake, Feed> feedOf) {
    History history = History.open(config.history());
    try {
      return new Dashboard(config, history, othersMissing, feedOf);
    } catch (RuntimeException e) {
      history.close();
      throw e;
    }
  }

  private static String version() {
    return Optional.ofNullable(Dashboard.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /**
   * Begins to listen and to read.
   *
   * @throws io.collapsewatch.dashboard.api.CannotListenException if the port is taken or the
   *     address is not this machine's, in one sentence
   */
  public void start() {
    server.start();
    feed.start();
    expire.ifPresent(
        task -> {
          var unused = expiry.scheduleWithFixedDelay(task, 0, 1, TimeUnit.HOURS);
        });
  }

  /** The port, once started. */
  public int port() {
    return server.port();
  }

  /** Whether what is reported now is shown, and everything else works too. */
  public boolean ready() {
    return missing().isEmpty();
  }

  private List<String> missing() {
    return Stream.concat(othersMissing.get().stream(), feed.missing().stream()).toList();
  }

  private static void expire(Intake intake, Duration keep) {
    try {
      intake.expire(Clock.systemUTC().instant().minus(keep).toEpochMilli());
    } catch (HistoryException e) {
      log.error("old reports were not deleted; that is tried again in an hour", e);
    }
  }

  /** Stops listening and reading; what was read is kept. */
  @Override
  public void close() {
    expiry.shutdownNow();
    server.close();
    feed.close();
    history.close();
  }

  private record Counts(Intake intake, EventStream stream) implements MetricsPage.Counts {
    @Override
    public long reports() {
      return intake.reportsTaken();
    }

    @Override
    public long skipped() {
      return intake.recordsSkipped();
    }

    @Override
    public long events() {
      return stream.sent();
    }

    @Override
    public long clients() {
      return stream.clients();
    }
  }
}
