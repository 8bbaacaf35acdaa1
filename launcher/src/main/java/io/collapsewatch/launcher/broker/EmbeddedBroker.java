package io.collapsewatch.launcher.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka broker of one node (KRaft, its own controller) in this JVM, so that a laptop needs
 * nothing but a JDK. Listens on loopback only and keeps its data in a folder that a later start
 * finds again.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final String HOST = "127.0.0.1";
  private static final String NODE = "1";

  private final FolderLock lock;
  private final KafkaRaftServer server;
  private final int port;

  private EmbeddedBroker(FolderLock lock, KafkaRaftServer server, int port) {
    this.lock = lock;
    this.server = server;
    this.port = port;
  }

  /**
   * Starts a broker and returns when it takes clients: in 2 to 5 seconds on a new folder.
   *
   * @param port where clients connect; 0 for any that is free
   * @throws RefusedStartException if the port is taken or the folder cannot be used, in a sentence
   *     for people
   */
  public static EmbeddedBroker start(Path dataFolder, int port) {
    int clientPort = freePort(port);
    Path folder = dataFolder.toAbsolutePath().normalize();
    FolderLock lock = FolderLock.take(folder);
    try {
      Path log = folder.resolve("kafka");
      format(log);
      String address = HOST + ":" + clientPort;
      KafkaConfig config = new KafkaConfig(settings(log, address, HOST + ":" + freePort(0)), false);
      KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
      server.startup();
      return new EmbeddedBroker(lock, server, clientPort);
    } catch (Exception e) {
      lock.close();
      throw new RefusedStartException(
          "the embedded broker did not start in %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /** Host and port for clients. */
  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  /** Where clients connect. */
  public int port() {
    return port;
  }

  /** Shuts down cleanly, so that the next start takes less than a second. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    lock.close();
  }

  private static int freePort(int wanted) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new RefusedStartException(
          "port %d is %s; choose another with --broker-port".formatted(wanted, why(e)), e);
    }
  }

  private static String why(IOException e) {
    boolean taken = String.valueOf(e.getMessage()).contains("in use");
    return taken ? "taken" : "not to be had (" + e.getMessage() + ")";
  }

  private static void format(Path folder) throws Exception {
    if (Files.exists(folder.resolve("meta.properties"))) {
      return;
    }
    Files.createDirectories(folder);
    new Formatter()
        .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
        .setNodeId(Integer.parseInt(NODE))
        .setClusterId(Uuid.randomUuid().toString())
        .setDirectories(List.of(folder.toString()))
        .setMetadataLogDirectory(folder.toString())
        .setControllerListenerName("CONTROLLER")
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setIgnoreFormatted(true)
        .run();
  }

  private static Map<String, String> settings(Path folder, String address, String controller) {
    Map<String, String> settings = new HashMap<>();
    settings.put("node.id", NODE);
    settings.put("process.roles", "broker,controller");
    settings.put("log.dirs", folder.toString());
    settings.put("controller.quorum.voters", NODE + "@" + controller);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("listeners", "CLIENT://" + address + ",CONTROLLER://" + controller);
    settings.put("advertised.listeners", "CLIENT://" + address);
    settings.put("inter.broker.listener.name", "CLIENT");
    settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("auto.create.topics.enable", "false");
    settings.putAll(oneNode());
    settings.putAll(quickAndSmall());
    return settings;
  }

  /** Kafka's own topics expect three brokers unless told otherwise. */
  private static Map<String, String> oneNode() {
    Map<String, String> settings = new HashMap<>();
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "1");
    for (String topic : List.of("transaction.state.log", "share.coordinator.state.topic")) {
      settings.put(topic + ".replication.factor", "1");
      settings.put(topic + ".min.isr", "1");
      settings.put(topic + ".num.partitions", "1");
    }
    return settings;
  }

  private static Map<String, String> quickAndSmall() {
    return Map.of(
        // A consumer group of ours is complete when its first member is there.
        "group.initial.rebalance.delay.ms", "0",
        // After a crash the broker waits for its former self to time out: about 6 s instead of 15.
        // Less
        // would fence it whenever a training takes all cores for a moment.
        "broker.session.timeout.ms", "3000",
        "broker.heartbeat.interval.ms", "500",
        // The cleaner's default buffer of 128 MiB is most of the heap that the broker takes.
        "log.cleaner.dedupe.buffer.size", "2097152");
  }
}
