package io.collapsewatch.dashboard.api;

import io.collapsewatch.dashboard.api.EventStream.Event;
import io.javalin.http.sse.SseClient;
import java.io.ByteArrayInputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One who listens: a queue with a bound, and a thread that writes what is in it. */
final class Subscriber implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Subscriber.class);

  /** Minutes of a run page's events. */
  private static final int QUEUE = 512;

  private static final Event END = new Event("end", new byte[0]);

  private final SseClient client;
  private final String run;
  private final Runnable sent;
  private final EndPoint connection;
  private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param run the one run it listens to; null for all of them, without their reports and curves
   * @param sent called for each event written
   */
  Subscriber(SseClient client, String run, Runnable sent) {
    this.client = client;
    this.connection =
        ServletContextRequest.getServletContextRequest(client.ctx().req())
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint();
    this.run = run;
    this.sent = sent;
  }

  void start() {
    Thread thread = new Thread(this::write, "collapsewatch-subscriber");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether it wants the reports and curves of that run. */
  boolean listensTo(String id) {
    return id.equals(run);
  }

  /** Whether it wants to know how that run stands. */
  boolean concernedBy(String id) {
    return run == null || run.equals(id);
  }

  /** Leaves word for it; never waits. */
  void offer(Event event) {
    if (!queue.offer(event) && !closed.get()) {
      log.info("a page does not read its events; it is disconnected and may come again");
      close();
    }
  }

  private void write() {
    try {
      while (!closed.get() && !client.terminated()) {
        writeNext();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      client.close();
    }
  }

  private void writeNext() throws InterruptedException {
    Event event = queue.take();
    if (!closed.get()) {
      client.sendEvent(event.name(), new ByteArrayInputStream(event.data()));
      sent.run();
    }
  }

  /**
   * Ends it from any thread. A write that waits for the other side ends only with the connection,
   * so that is cut.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      // Makes room for the word to end, should the writer be waiting for one.
      queue.clear();
      boolean unused = queue.offer(END);
      connection.close();
    }
  }
}
