package io.collapsewatch.launcher.pipeline;

import io.collapsewatch.agent.Agent;
import io.collapsewatch.agent.AgentConfig;
import io.collapsewatch.agent.stream.StreamServer;
import io.collapsewatch.analyzer.Analyzer;
import io.collapsewatch.analyzer.AnalyzerConfig;
import io.collapsewatch.analyzer.stream.AnalysisSettings;
import io.collapsewatch.analyzer.webhook.WebhookSettings;
import io.collapsewatch.dashboard.Dashboard;
import io.collapsewatch.dashboard.DashboardConfig;
import io.collapsewatch.dashboard.api.Door;
import io.collapsewatch.launcher.broker.EmbeddedBroker;
import io.collapsewatch.launcher.broker.TopicSetup;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Broker, analyzer, agent and dashboard in this JVM, listening on loopback only. */
public final class LocalPipeline implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LocalPipeline.class);
  private static final String INSTANCE = "local";

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Optional<Path> data;
  private final Ports ports;
  private final List<Path> watchFolders;
  private final WebhookSettings webhooks;
  private final AnalysisSettings analysis;
  private EmbeddedBroker broker;
  private Agent agent;
  private Dashboard dashboard;

  private LocalPipeline(
      Optional<Path> data,
      Ports ports,
      List<Path> watchFolders,
      WebhookSettings webhooks,
      AnalysisSettings analysis) {
    this.data = data;
    this.ports = ports;
    this.watchFolders = watchFolders;
    this.webhooks = webhooks;
    this.analysis = analysis;
  }

  /** Where the parts listen; 0 stands for any port that is free. */
  public record Ports(int dashboard, int agent, int stream, int broker) {

    /** Any ports that are free. */
    public static final Ports FREE = new Ports(0, 0, 0, 0);
  }

  /**
   * A pipeline that is not started.
   *
   * @param data folder for Kafka's data, the analyzer's stores and the dashboard's history; a later
   *     start finds them again
   * @param watchFolders folders from which the agent takes files
   */
  public static LocalPipeline create(Path data, Ports ports, List<Path> watchFolders) {
    return new LocalPipeline(
        Optional.of(data), ports, watchFolders, WebhookSettings.NONE, AnalysisSettings.DEFAULT);
  }

  /** A pipeline that is not started, on a folder that is deleted at the end. */
  public static LocalPipeline createTemporary(Ports ports) {
    return new LocalPipeline(
        Optional.empty(), ports, List.of(), WebhookSettings.NONE, AnalysisSettings.DEFAULT);
  }

  /** The same, not started either, with others to tell of alerts. */
  public LocalPipeline withWebhooks(WebhookSettings newWebhooks) {
    return new LocalPipeline(data, ports, watchFolders, newWebhooks, analysis);
  }

  /** The same, not started either, with other wishes for the analysis. */
  public LocalPipeline withAnalysis(AnalysisSettings newAnalysis) {
    return new LocalPipeline(data, ports, watchFolders, webhooks, newAnalysis);
  }

  /**
   * Starts all of it and returns when agent and dashboard listen; {@link #ready} tells when
   * captures are analysed. If something does not start, what has is stopped by {@link #close}.
   *
   * @throws io.collapsewatch.launcher.broker.RefusedStartException if the folder or the broker's
   *     port is not to be had
   * @throws io.collapsewatch.agent.capture.CannotListenException if a port of the agent is not
   * @throws io.collapsewatch.dashboard.api.CannotListenException if the dashboard's port is not
   * @throws io.collapsewatch.dashboard.history.HistoryException if the history cannot be used
   */
  public synchronized void start() {
    Path folder = data.orElseGet(() -> closing(TemporaryFolder.create()).path());
    broker = closing(EmbeddedBroker.start(folder, ports.broker()));
    createTopics(broker.bootstrapServers());
    Analyzer analyzer = closing(Analyzer.create(analyzerConfig(folder)));
    agent = closing(Agent.create(agentConfig(), analyzer::missing));
    dashboard = closing(Dashboard.create(dashboardConfig(folder), analyzer::missing));
    agent.start();
    dashboard.start();
    analyzer.start();
  }

  private <T extends AutoCloseable> T closing(T part) {
    started.push(part);
    return part;
  }

  private static void createTopics(String bootstrapServers) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      TopicSetup.EMBEDDED.ensure(admin);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the embedded broker refused to create the topics", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating the topics", e);
    }
  }

  private AnalyzerConfig analyzerConfig(Path folder) {
    return AnalyzerConfig.of(broker.bootstrapServers(), folder.resolve("analyzer"))
        .withInstanceId(INSTANCE)
        .withWebhooks(webhooks)
        .withAnalysis(analysis);
  }

  private AgentConfig agentConfig() {
    AgentConfig config =
        AgentConfig.of(broker.bootstrapServers())
            .withPort(ports.agent())
            .withStreamPort(ports.stream())
            .withWatchFolders(watchFolders);
    return streamSocket().map(config::withStreamSocket).orElse(config);
  }

  /** Only in a folder that clients can know: the temporary one has another name each time. */
  private Optional<Path> streamSocket() {
    Optional<Path> socket = data.map(folder -> folder.resolve("agent.sock"));
    if (socket.isPresent() && !StreamServer.fits(socket.get())) {
      log.warn(
          "the path {} is too long for a Unix domain socket, so there is none; streams come to port {}",
          socket.get().toAbsolutePath(),
          ports.stream());
      return Optional.empty();
    }
    return socket;
  }

  private DashboardConfig dashboardConfig(Path folder) {
    return DashboardConfig.of(broker.bootstrapServers(), folder.resolve("dashboard/history.db"))
        .withDoor(Door.loopback(ports.dashboard()));
  }

  /** Where clients find Kafka. */
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** The agent, which also hands out recorders. */
  public Agent agent() {
    return agent;
  }

  /** The dashboard. */
  public Dashboard dashboard() {
    return dashboard;
  }

  /** Whether a capture that comes now is analysed and shown. */
  public boolean ready() {
    return agent.ready() && dashboard.ready();
  }

  /**
   * Stops the parts in the reverse order of their start, each whatever happens to the others. A
   * start that is under way is waited for: it takes seconds, and half of it could not be stopped.
   */
  @Override
  public synchronized void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("{} did not stop as it should", part.getClass().getSimpleName(), e);
      }
    }
  }
}
