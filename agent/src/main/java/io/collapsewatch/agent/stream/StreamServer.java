package io.collapsewatch.agent.stream;

import io.collapsewatch.agent.capture.CannotListenException;
import io.collapsewatch.agent.capture.CaptureIntake;
import io.collapsewatch.agent.publish.Throttle;
import io.collapsewatch.protocol.Limits;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures over connections that stay open: TCP on loopback, never wider, and a Unix domain socket
 * where one is named. A client sends frames, each a length of 4 bytes (unsigned, little-endian) and
 * a capture of that length; a length of 0 asks for the connection's counters, which are answered as
 * a length and JSON (see {@code FORMAT.md}). A thread serves each connection; there are at most
 * {@value #MOST_CONNECTIONS}.
 */
public final class StreamServer implements AutoCloseable {

  /** Beyond these a client is told so and sent away. */
  static final int MOST_CONNECTIONS = 256;

  private static final Logger log = LoggerFactory.getLogger(StreamServer.class);
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  /** Two captures of the largest size: while one waits for Kafka, another can be read. */
  private static final int FRAME_BYTES = 2 * Limits.CAPTURE_BYTES;

  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);
  private static final int PAUSE_MILLIS = 100;
  private static final int LAST_WORK_MILLIS = 2000;

  private final int wantedPort;
  private final Optional<Path> socket;
  private final Optional<byte[]> greeting;
  private final CaptureIntake intake;
  private final LongSupplier nanos;
  private final Semaphore freeBytes = new Semaphore(FRAME_BYTES, true);
  private final Throttle warnings = new Throttle(BETWEEN_WARNINGS, System::nanoTime);
  private final Map<StreamConnection, Thread> connections = new ConcurrentHashMap<>();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "collapsewatch-stream-look"));
  private ServerSocketChannel tcp;
  private SocketFile file;

  private StreamServer(
      int port,
      Optional<Path> socket,
      Optional<String> token,
      CaptureIntake intake,
      LongSupplier nanos) {
    this.wantedPort = port;
    this.socket = socket;
    this.greeting = token.map(text -> ("Bearer " + text).getBytes(StandardCharsets.UTF_8));
    this.intake = intake;
    this.nanos = nanos;
  }

  /**
   * A server that is not started yet.
   *
   * @param port on loopback, 0 for any that is free
   * @param socket where a Unix domain socket is to be, if anywhere
   * @param token what a TCP connection must begin with, if anything
   * @param nanos the time in nanoseconds from any origin
   */
  public static StreamServer create(
      int port,
      Optional<Path> socket,
      Optional<String> token,
      CaptureIntake intake,
      LongSupplier nanos) {
    return new StreamServer(port, socket, token, intake, nanos);
  }

  /** Whether a Unix domain socket can have this path, which its address must hold. */
  public static boolean fits(Path socket) {
    return SocketFile.fits(socket);
  }

  /**
   * Begins to listen.
   *
   * @throws CannotListenException if the port or the path is not to be had, in one sentence
   */
  public void start() {
    tcp = bindTcp();
    listen(tcp, greeting);
    if (socket.isPresent()) {
      file = SocketFile.bind(socket.get());
      listen(file.door(), Optional.empty());
    }
    var unused = looks.scheduleWithFixedDelay(this::closeStalled, 1, 1, TimeUnit.SECONDS);
  }

  private ServerSocketChannel bindTcp() {
    try {
      ServerSocketChannel door = ServerSocketChannel.open();
      try {
        return door.bind(
            new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), wantedPort),
            MOST_CONNECTIONS);
      } catch (IOException e) {
        door.close();
        throw e;
      }
    } catch (BindException e) {
      throw new CannotListenException(
          "port %d is taken; choose another with --stream-port".formatted(wantedPort), e);
    } catch (IOException e) {
      throw new CannotListenException(
          "cannot listen on 127.0.0.1, port %d (%s); choose another with --stream-port"
              .formatted(wantedPort, e),
          e);
    }
  }

  private void listen(ServerSocketChannel door, Optional<byte[]> firstFrame) {
    daemon(() -> admitAll(door, firstFrame), "collapsewatch-stream-door").start();
  }

  private void admitAll(ServerSocketChannel door, Optional<byte[]> firstFrame) {
    try {
      while (door.isOpen()) {
        admitOne(door, firstFrame);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void admitOne(ServerSocketChannel door, Optional<byte[]> firstFrame)
      throws InterruptedException {
    try {
      admit(door.accept(), firstFrame);
    } catch (ClosedChannelException e) {
      // close() ends it so
    } catch (IOException e) {
      if (warnings.pass()) {
        log.warn("a stream connection cannot be accepted ({}); trying again", e.toString());
      }
      // Without files to open left, the next one would fail at once, too.
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private void admit(SocketChannel channel, Optional<byte[]> firstFrame) throws IOException {
    FrameReader frames = new FrameReader(channel, freeBytes, nanos);
    StreamConnection connection = new StreamConnection(channel, frames, intake, warnings);
    if (connections.size() >= MOST_CONNECTIONS) {
      turnAway(connection);
      return;
    }
    Thread thread = daemon(() -> serve(connection, firstFrame), "collapsewatch-stream-connection");
    connections.put(connection, thread);
    thread.start();
  }

  private static void turnAway(StreamConnection connection) throws IOException {
    try (connection) {
      connection.turnAway(
          "there are %d stream connections already, which is the most; close one"
              .formatted(MOST_CONNECTIONS));
    }
  }

  private void serve(StreamConnection connection, Optional<byte[]> firstFrame) {
    try (connection) {
      connection.serve(firstFrame);
    } catch (IOException e) {
      // The client is gone, or this server closes; what was not settled comes again.
      log.debug("a stream connection ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(connection);
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Ends the connections whose clients have stopped within a frame. */
  void closeStalled() {
    connections.keySet().forEach(StreamConnection::closeIfStalled);
  }

  /** The TCP port it listens on, once started. */
  public int port() {
    return tcp.socket().getLocalPort();
  }

  /** How many clients are connected now. */
  public int connections() {
    return connections.size();
  }

  /** Stops listening and ends every connection; clients keep what was not settled. */
  @Override
  public void close() {
    looks.shutdownNow();
    closeQuietly(tcp);
    closeQuietly(file);
    connections.forEach(
        (connection, thread) -> {
          connection.close();
          thread.interrupt();
        });
    connections.values().forEach(StreamServer::join);
  }

  private static void closeQuietly(AutoCloseable door) {
    try {
      if (door != null) {
        door.close();
      }
    } catch (Exception e) {
      log.warn("a door for streams did not close as it should: {}", e.toString());
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join(LAST_WORK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
