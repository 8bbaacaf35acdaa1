package io.collapsewatch.agent.publish;

import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes captures to {@link Topics#CAPTURE} with an idempotent producer. What the broker has not
 * acknowledged waits in a buffer bounded in bytes. {@code KafkaProducer.send} may block, so a
 * thread of its own calls it and an offer never waits.
 */
public final class KafkaSink implements CaptureSink {

  private static final Logger log = LoggerFactory.getLogger(KafkaSink.class);
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

  private final String servers;
  private final Backlog backlog;
  private final BlockingQueue<Part> queue = new LinkedBlockingQueue<>();
  private final Throttle warnings = new Throttle(BETWEEN_WARNINGS, System::nanoTime);
  private final Producer<String, byte[]> producer;
  private final BrokerLink link;
  private final Thread sender;
  private final LongAdder published = new LongAdder();
  private boolean closed;

  private record Part(Delivery delivery, int index) {}

  private KafkaSink(
      String servers, Backlog backlog, Producer<String, byte[]> producer, BrokerLink link) {
    this.servers = Printable.quote(servers);
    this.backlog = backlog;
    this.producer = producer;
    this.link = link;
    this.sender = daemon(this::sendUntilStopped, "collapsewatch-sender");
  }

  /**
   * Starts publishing. A broker that cannot be reached is waited for.
   *
   * @param servers as in Kafka's {@code bootstrap.servers}
   * @param bufferBytes bytes that wait for the broker at most
   * @param overrides settings of the Kafka client, for credentials and the like; those that the
   *     sink's promises rest on (acknowledgements, idempotence, serialisers) stay as they are
   * @throws IllegalArgumentException if Kafka's client refuses its settings, in one sentence
   */
  public static KafkaSink start(String servers, long bufferBytes, Map<String, Object> overrides) {
    String consequence =
        "captures wait in a buffer of %d MiB and the training goes on".formatted(bufferBytes >> 20);
    Producer<String, byte[]> producer = null;
    try {
      producer = new KafkaProducer<>(KafkaSettings.producer(servers, overrides));
      Admin admin = Admin.create(KafkaSettings.admin(servers, overrides));
      BrokerLink link = new BrokerLink(admin, servers, consequence);
      KafkaSink sink = new KafkaSink(servers, new Backlog(bufferBytes), producer, link);
      link.start();
      sink.sender.start();
      return sink;
    } catch (KafkaException e) {
      if (producer != null) {
        producer.close(Duration.ZERO);
      }
      throw new IllegalArgumentException(refusal(servers, e), e);
    }
  }

  private static String refusal(String servers, KafkaException e) {
    Throwable reason = e.getCause() == null ? e : e.getCause();
    return "the Kafka client for %s does not start: %s"
        .formatted(Printable.quote(servers), Printable.quote(String.valueOf(reason.getMessage())));
  }

  static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public synchronized boolean offer(List<EncodedCapture> captures) {
    if (closed || !backlog.add(captures)) {
      return false;
    }
    for (EncodedCapture capture : captures) {
      Delivery delivery = new Delivery(capture);
      for (int i = 0; i < capture.parts().size(); i++) {
        queue.add(new Part(delivery, i));
      }
    }
    return true;
  }

  @Override
  public boolean awaitRoom(Duration longest) throws InterruptedException {
    return closed() || backlog.awaitHalfFree(longest);
  }

  private synchronized boolean closed() {
    return closed;
  }

  /** Bytes of captures that Kafka has acknowledged since the start. */
  public long publishedBytes() {
    return published.sum();
  }

  /** Bytes of captures that wait for Kafka now. */
  public long bufferedBytes() {
    return backlog.bytes();
  }

  /** Bytes of captures that may wait for Kafka. */
  public long bufferLimit() {
    return backlog.limit();
  }

  @Override
  public boolean connected() {
    return link.connected();
  }

  private void sendUntilStopped() {
    try {
      link.awaitFirstContact();
      while (true) {
        send(queue.take());
      }
    } catch (InterruptedException | InterruptException stopped) {
      // close() ends this thread so; what is left in the queue is counted there.
      Thread.currentThread().interrupt();
    }
  }

  private void send(Part part) {
    EncodedCapture capture = part.delivery().capture();
    byte[] value = capture.parts().get(part.index());
    try {
      var unused =
          producer.send(
              new ProducerRecord<>(Topics.CAPTURE, capture.run(), value),
              (metadata, failure) -> done(part.delivery(), value.length, failure));
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      done(part.delivery(), value.length, e);
    }
  }

  private void done(Delivery delivery, int bytes, Exception failure) {
    if (failure == null) {
      published.add(bytes);
    } else if (warnings.pass()) {
      log.warn(
          "a capture of run {} is lost, Kafka at {} did not take it: {}",
          delivery.capture().run(),
          servers,
          Printable.quote(String.valueOf(failure.getMessage())));
    }
    if (delivery.partDone(failure == null)) {
      backlog.remove(delivery.capture());
    }
  }

  @Override
  public long close(Duration limit) {
    synchronized (this) {
      if (closed) {
        return 0;
      }
      closed = true;
    }
    long lost = awaitDelivery(limit);
    sender.interrupt();
    link.close();
    producer.close(Duration.ZERO);
    return lost;
  }

  private long awaitDelivery(Duration limit) {
    try {
      backlog.awaitEmpty(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    long lost = backlog.captures();
    if (lost > 0) {
      log.warn(
          "{} captures had not reached Kafka at {} after {} s and are lost",
          lost,
          servers,
          limit.toMillis() / 1000.0);
    }
    return lost;
  }
}
