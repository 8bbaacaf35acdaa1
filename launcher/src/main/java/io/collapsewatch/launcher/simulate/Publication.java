package io.collapsewatch.launcher.simulate;

import io.collapsewatch.agent.capture.CaptureIntake;
import io.collapsewatch.agent.capture.DropReason;
import io.collapsewatch.agent.publish.KafkaSink;
import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A simulation on its way to Kafka, through an intake of its own as that of an agent. Waits for
 * Kafka rather than dropping anything. The intake's clock is the simulation's, ten seconds for each
 * point, so that the sampling is the same on every machine.
 */
public final class Publication implements AutoCloseable {

  private static final long BUFFER_BYTES = 64L << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long NANOS_BETWEEN_POINTS = Duration.ofSeconds(10).toNanos();

  private final SimulatedCaptures captures;
  private final KafkaSink sink;
  private final CaptureIntake intake;
  private long nanos;
  private long open;

  private Publication(SimulatedCaptures captures, KafkaSink sink) {
    this.captures = captures;
    this.sink = sink;
    this.intake = new CaptureIntake(sink, () -> nanos);
  }

  /**
   * Connects.
   *
   * @param kafka properties of a client, {@code bootstrap.servers} among them
   * @throws KafkaException if Kafka or the topic is not there, in one sentence
   * @throws IllegalArgumentException if Kafka's client refuses its settings, in one sentence
   */
  public static Publication open(SimulatedCaptures captures, Map<String, Object> kafka)
      throws InterruptedException {
    String servers = String.valueOf(kafka.get("bootstrap.servers"));
    requireTopic(kafka, servers);
    return new Publication(captures, KafkaSink.start(servers, BUFFER_BYTES, kafka));
  }

  /** A sink waits for ever for a Kafka that is away, but who has typed a command does not. */
  private static void requireTopic(Map<String, Object> kafka, String servers)
      throws InterruptedException {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("request.timeout.ms", (int) PATIENCE.toMillis());
    settings.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    try (Admin admin = Admin.create(settings)) {
      var unused = admin.describeTopics(List.of(Topics.CAPTURE)).allTopicNames().get();
    } catch (ExecutionException e) {
      throw new KafkaException(problem(servers, e.getCause()));
    }
  }

  private static String problem(String servers, Throwable cause) {
    if (cause instanceof UnknownTopicOrPartitionException) {
      return "%s has no topic %s, which the analyzer creates".formatted(servers, Topics.CAPTURE);
    }
    return cause instanceof TimeoutException
        ? "no answer from %s within %d s".formatted(servers, PATIENCE.toSeconds())
        : "cannot reach %s (%s)".formatted(servers, cause.getMessage());
  }

  /** Tells that the run begins. */
  public void begin() throws InterruptedException {
    send(captures.started());
  }

  /** Publishes where the simulation is, its features sampled to the agent's budget. */
  public void point() throws InterruptedException {
    nanos += NANOS_BETWEEN_POINTS;
    send(captures.here());
  }

  /** Publishes where the simulation is, whole. */
  public void pass() throws InterruptedException {
    send(captures.pass());
  }

  /**
   * Ends the run and waits until nothing of it is open any more.
   *
   * @return how many captures Kafka did not take
   */
  public long finish() throws InterruptedException {
    send(captures.ended());
    awaitSettled();
    return intake.counts().dropped(DropReason.KAFKA_FAILED);
  }

  private void send(List<Capture> all) throws InterruptedException {
    for (Capture capture : all) {
      open(1);
      intake.acceptWaiting(capture, () -> open(-1));
    }
  }

  private synchronized void open(int more) {
    open += more;
    notifyAll();
  }

  private synchronized void awaitSettled() throws InterruptedException {
    while (open > 0) {
      wait();
    }
  }

  @Override
  public void close() {
    sink.close();
  }
}
