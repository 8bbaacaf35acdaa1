package io.collapsewatch.launcher;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.collapsewatch.agent.capture.Recorder;
import io.collapsewatch.launcher.demo.DemoProgress;
import io.collapsewatch.launcher.demo.DemoRun;
import io.collapsewatch.launcher.demo.DemoTraining;
import io.collapsewatch.launcher.pipeline.AtExit;
import io.collapsewatch.launcher.pipeline.LocalPipeline;
import io.collapsewatch.launcher.pipeline.Readiness;
import io.collapsewatch.launcher.report.ReportFeed;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.ReportJson;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains two or three networks in front of a pipeline of its own. */
@Command(
    name = "demo",
    description =
        "Trains two networks on handwritten digits and watches them: digits-batchnorm, which"
            + " collapses, and digits-plain, which does not; with --square-loss also digits-square, which"
            + " collapses under the square loss.")
final class DemoCommand implements Callable<Integer> {

  private static final Logger log = LoggerFactory.getLogger(DemoCommand.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final long SEED = 1;
  private static final int BACKLOG = 1000;
  private static final Duration LAST_REPORT = Duration.ofSeconds(60);
  private static final Duration LAST_STEP = Duration.ofSeconds(2);

  @Mixin private PortOptions ports;
  @Mixin private WebhookOptions webhooks;

  @Option(names = "--open", description = "Open the dashboard in the browser.")
  private boolean open;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "200",
      description = "Passes over the data (${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--square-loss",
      description = "Train a third network, digits-square, under the square loss.")
  private boolean squareLoss;

  @Option(names = "--exit", description = "Stop when the networks are trained.")
  private boolean exit;

  @Option(
      names = "--json",
      description = "The last snapshot reports as JSON on standard output, progress on error.")
  private boolean json;

  @Spec private CommandSpec spec;

  private volatile boolean stopped;
  private volatile CompletableFuture<Void> training = CompletableFuture.completedFuture(null);

  @Override
  public Integer call() throws IOException {
    PrintStream people = json ? System.err : System.out;
    List<DemoRun> runs = DemoRun.all(squareLoss);
    DemoProgress progress = new DemoProgress(runs, people, Terminals.has(json ? 2 : 1), epochs);
    LocalPipeline pipeline =
        LocalPipeline.createTemporary(ports.ports()).withWebhooks(webhooks.settings());
    try (AtExit atExit = AtExit.run(() -> stop(pipeline))) {
      pipeline.start();
      Readiness.await(pipeline::ready);
      people.println(Addresses.of(pipeline));
      if (open) {
        Browser.open(Addresses.dashboard(pipeline));
      }
      training = train(pipeline, runs);
      watch(pipeline, progress, training);
      progress.finish();
      if (json) {
        spec.commandLine().getOut().println(lastSnapshots(runs, progress));
      }
      if (!exit) {
        people.printf(
            "%s networks are trained; Ctrl-C ends this%n", squareLoss ? "all three" : "both");
        atExit.await();
      }
    }
    return Main.DONE;
  }

  /** The training goes first: its last words would find the agent closed. */
  private void stop(LocalPipeline pipeline) {
    stopped = true;
    training
        .orTimeout(LAST_STEP.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(tooLate -> null)
        .join();
    pipeline.close();
  }

  /** All at the same time, each on a thread of its own. */
  private CompletableFuture<Void> train(LocalPipeline pipeline, List<DemoRun> runs) {
    return CompletableFuture.allOf(
        runs.stream()
            .map(run -> CompletableFuture.runAsync(() -> train(pipeline, run), DemoCommand::daemon))
            .toArray(CompletableFuture<?>[]::new));
  }

  private void train(LocalPipeline pipeline, DemoRun run) {
    try (Recorder recorder = pipeline.agent().recorder(run.name(), run.settings())) {
      new DemoTraining(run, epochs, SEED, recorder).run(() -> stopped);
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "collapsewatch-training");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch(
      LocalPipeline pipeline, DemoProgress progress, CompletableFuture<Void> training) {
    Map<String, Object> kafka = Map.of("bootstrap.servers", pipeline.bootstrapServers());
    try (ReportFeed feed = new ReportFeed(kafka, BACKLOG, log::warn)) {
      long trained = 0;
      while (!progress.complete()) {
        feed.poll().forEach(record -> progress.accept(ReportJson.decode(record.value())));
        if (training.isDone()) {
          training.join();
          trained = trained == 0 ? System.nanoTime() : trained;
          requireSoon(trained);
        }
      }
    }
  }

  private static void requireSoon(long trainedNanos) {
    if (System.nanoTime() - trainedNanos > LAST_REPORT.toNanos()) {
      throw new IllegalStateException(
          "the networks are trained, but their last reports have not come within %d s"
              .formatted(LAST_REPORT.toSeconds()));
    }
  }

  private static String lastSnapshots(List<DemoRun> runs, DemoProgress progress)
      throws IOException {
    ObjectNode all = JSON.createObjectNode();
    ArrayNode reports = all.putArray("runs");
    for (DemoRun run : runs) {
      WindowReport report = progress.lastSnapshot(run).orElseThrow();
      reports
          .addObject()
          .put("run", run.name())
          .set("report", JSON.readTree(ReportJson.encode(report)));
    }
    return JSON.writeValueAsString(all);
  }
}
