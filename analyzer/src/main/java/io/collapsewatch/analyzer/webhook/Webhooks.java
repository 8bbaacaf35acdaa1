package io.collapsewatch.analyzer.webhook;

import io.collapsewatch.analyzer.webhook.Post.Outcome;
import io.collapsewatch.protocol.Alert;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts alerts to all targets at the same time. What fails is tried again after pauses that double,
 * for about two minutes; what is given up is logged with how many alerts that target has missed.
 * Beside others, a target that missed the last alert gets one attempt at the next, so that it holds
 * the others up only once. One thread delivers.
 */
public final class Webhooks implements AutoCloseable {

  /** The longest that {@link #deliver} takes. */
  public static final Duration LONGEST_DELIVERY = Duration.ofSeconds(150);

  private static final Logger log = LoggerFactory.getLogger(Webhooks.class);

  /** 63 s in all; with seven attempts that time out, 133 s. */
  private static final List<Duration> PAUSES =
      Stream.of(1, 2, 4, 8, 16, 32).map(Duration::ofSeconds).toList();

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Optional<URI> dashboard;
  private final List<Receiver> receivers;
  private final ExecutorService executor = Executors.newCachedThreadPool(Webhooks::daemon);

  /** Lets time pass. */
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  /** Webhooks that look up names as the JVM does; says in the log which they are. */
  public Webhooks(WebhookSettings settings) {
    this(
        settings,
        new Post(new TargetAddresses(settings.allowPrivate(), InetAddress::getAllByName), TIMEOUT),
        time -> Thread.sleep(time.toMillis()));
    settings.targets().forEach(target -> log.info("alerts are posted to {}", target));
  }

  Webhooks(WebhookSettings settings, Post post, Pause pause) {
    this.dashboard = settings.dashboard();
    this.receivers =
        settings.targets().stream().map(target -> new Receiver(target, post, pause)).toList();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "collapsewatch-webhook");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Returns when every target has the alert or is given up.
   *
   * @throws InterruptedException if the thread is told to stop; then some targets may have it
   */
  public void deliver(Alert alert) throws InterruptedException {
    byte[] message = AlertmanagerJson.encode(alert, dashboard);
    List<Future<Outcome>> outcomes =
        executor.invokeAll(
            receivers.stream().map(receiver -> delivery(receiver, message)).toList(),
            LONGEST_DELIVERY.toSeconds(),
            TimeUnit.SECONDS);
    for (int i = 0; i < receivers.size(); i++) {
      receivers.get(i).note(alert, outcome(outcomes.get(i)));
    }
  }

  private Callable<Outcome> delivery(Receiver receiver, byte[] message) {
    boolean once = receivers.size() > 1 && receiver.away();
    return () -> receiver.deliver(message, once ? List.of() : PAUSES);
  }

  private static Outcome outcome(Future<Outcome> ended) throws InterruptedException {
    try {
      return ended.get();
    } catch (CancellationException e) {
      return Outcome.failed("no end within %d s".formatted(LONGEST_DELIVERY.toSeconds()));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    var unused = executor.shutdownNow();
  }
}
