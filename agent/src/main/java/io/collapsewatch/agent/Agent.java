package io.collapsewatch.agent;

import io.collapsewatch.agent.capture.CaptureIntake;
import io.collapsewatch.agent.capture.CaptureServer;
import io.collapsewatch.agent.capture.Recorder;
import io.collapsewatch.agent.folder.WatchedFolder;
import io.collapsewatch.agent.prometheus.MetricsPage;
import io.collapsewatch.agent.publish.CaptureSink;
import io.collapsewatch.agent.publish.KafkaSink;
import io.collapsewatch.agent.stream.StreamServer;
import io.collapsewatch.protocol.RunSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Takes captures over HTTP, over streams, from files and from {@link Recorder}s in this process and
 * publishes them to Kafka. A broker that is away is waited for: captures are kept in a bounded
 * buffer meanwhile, and no training process is held up.
 */
public final class Agent implements AutoCloseable {

  private final KafkaSink sink;
  private final CaptureIntake intake;
  private final CaptureServer server;
  private final StreamServer streams;
  private final List<WatchedFolder> folders;
  private final Supplier<List<String>> othersMissing;

  private Agent(AgentConfig config, KafkaSink sink, Supplier<List<String>> othersMissing) {
    this.sink = sink;
    this.othersMissing = othersMissing;
    this.intake = new CaptureIntake(sink, System::nanoTime);
    this.streams =
        StreamServer.create(
            config.streamPort(), config.streamSocket(), config.token(), intake, System::nanoTime);
    this.folders =
        config.watchFolders().stream().map(each -> WatchedFolder.create(each, intake)).toList();
    MetricsPage metrics = new MetricsPage(intake.counts(), sink, streams);
    this.server =
        CaptureServer.create(
            config.host(), config.port(), config.token(), intake, this::missing, metrics::get);
  }

  /** See {@link #create(AgentConfig, Supplier)}; the agent depends on nothing but Kafka. */
  public static Agent create(AgentConfig config) {
    return create(config, List::of);
  }

  /**
   * An agent that looks for Kafka in the background and serves recorders, but does not listen yet.
   *
   * @param othersMissing what else, in sentences, keeps this process from doing its work; for
   *     {@link #ready}
   * @throws IllegalArgumentException if the address to bind to needs a token, a folder to watch is
   *     not there, or Kafka's client refuses its settings, in one sentence
   */
  public static Agent create(AgentConfig config, Supplier<List<String>> othersMissing) {
    KafkaSink sink =
        KafkaSink.start(
            config.bootstrapServers(), config.bufferBytes(), config.producerOverrides());
    try {
      return new Agent(config, sink, othersMissing);
    } catch (RuntimeException e) {
      sink.close(Duration.ZERO);
      throw e;
    }
  }

  /**
   * Begins to listen.
   *
   * @throws io.collapsewatch.agent.capture.CannotListenException if a port is taken, the address is
   *     not this machine's or the path of the socket is not to be had, in one sentence
   */
  public void start() {
    server.start();
    streams.start();
    folders.forEach(WatchedFolder::start);
  }

  /** The port of the capture server, once started. */
  public int port() {
    return server.port();
  }

  /** The TCP port of the stream server, once started. */
  public int streamPort() {
    return streams.port();
  }

  /** A recorder of a run's first attempt that is trained in this process. */
  public Recorder recorder(String run, RunSettings settings) {
    return Recorder.start(intake, run, settings);
  }

  /** A recorder of one process of a run; see {@link Recorder#start}. */
  public Recorder recorder(String run, RunSettings settings, int attempt, int rank, int worldSize) {
    return Recorder.start(intake, run, settings, attempt, rank, worldSize);
  }

  /** Whether captures that come now reach Kafka, and everything else works too. */
  public boolean ready() {
    return missing().isEmpty();
  }

  private List<String> missing() {
    List<String> missing = new ArrayList<>(othersMissing.get());
    if (!sink.connected()) {
      missing.add("Kafka or its capture topic cannot be reached");
    }
    return missing;
  }

  /** Stops listening, then delivers what was taken within {@link CaptureSink#CLOSE_LIMIT}. */
  @Override
  public void close() {
    server.close();
    streams.close();
    folders.forEach(WatchedFolder::stop);
    sink.close();
    folders.forEach(WatchedFolder::close);
  }
}
