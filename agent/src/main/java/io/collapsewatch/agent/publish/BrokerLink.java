package io.collapsewatch.agent.publish;

import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the broker for the capture topic every second, so that a broker that is away is known before
 * a record fails, and said in one sentence rather than in the many of the client library. A request
 * of the admin client never creates a topic, a producer's may: hence the sink waits for the first
 * answer.
 */
final class BrokerLink implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BrokerLink.class);
  private static final int ANSWER_MILLIS = 3000;
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

  private final Admin admin;
  private final String servers;
  private final String consequence;
  private final Throttle warnings = new Throttle(BETWEEN_WARNINGS, System::nanoTime);
  private final CountDownLatch firstContact = new CountDownLatch(1);
  private final ScheduledExecutorService probes =
      Executors.newSingleThreadScheduledExecutor(
          task -> KafkaSink.daemon(task, "collapsewatch-broker-link"));
  private volatile boolean connected;
  private boolean warned;

  /**
   * @param admin closed with this
   * @param servers for the sentences
   * @param consequence what it means when the broker is away, for the sentences
   */
  BrokerLink(Admin admin, String servers, String consequence) {
    this.admin = admin;
    this.servers = Printable.quote(servers);
    this.consequence = consequence;
  }

  void start() {
    var unused = probes.scheduleWithFixedDelay(this::probe, 0, 1, TimeUnit.SECONDS);
  }

  boolean connected() {
    return connected;
  }

  void awaitFirstContact() throws InterruptedException {
    firstContact.await();
  }

  private void probe() {
    try {
      DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs(ANSWER_MILLIS);
      var unused = admin.describeTopics(List.of(Topics.CAPTURE), options).allTopicNames().get();
      up();
    } catch (ExecutionException e) {
      down(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Thrown on, it would end the probes silently.
      down(e);
    }
  }

  private void up() {
    connected = true;
    firstContact.countDown();
    if (warned) {
      warned = false;
      log.info("Kafka at {} is back; captures are published", servers);
    }
  }

  private void down(Throwable cause) {
    connected = false;
    if (warnings.pass()) {
      warned = true;
      log.warn("{}; {}; retrying", problem(cause), consequence);
    }
  }

  private String problem(Throwable cause) {
    if (cause instanceof UnknownTopicOrPartitionException) {
      return "Kafka at %s has no topic %s, which the analyzer creates"
          .formatted(servers, Topics.CAPTURE);
    }
    // A timeout says no more than that; anything else (credentials, certificates) says why.
    String reason =
        cause instanceof TimeoutException
            ? ""
            : " (%s)".formatted(Printable.quote(String.valueOf(cause.getMessage())));
    return "cannot reach Kafka at %s%s".formatted(servers, reason);
  }

  @Override
  public void close() {
    var unused = probes.shutdownNow();
    admin.close(Duration.ZERO);
  }
}
