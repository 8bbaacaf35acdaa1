package io.collapsewatch.dashboard;

import io.collapsewatch.dashboard.api.Door;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A dashboard with made-up runs, to look at: {@code DemoBoard PORT [RUNS [REPORTS]]}. The first run
 * has that many reports and goes on, one report a second; the others have fewer. One has hostile
 * tags, one 120 classes, one no status and only passes, and the last has ended.
 */
final class DemoBoard {

  private static final long NOW = System.currentTimeMillis();
  private static final int BATCH = 500;

  private static final Map<String, String> HOSTILE =
      Map.of(
          "<script>alert(1)</script>",
          "\"><img src=x onerror=alert(2)>",
          "long",
          "64 KiB ".repeat(9363),
          "direction",
          "abc\u202Edef\u2066",
          "=cmd()",
          "'; DROP TABLE runs; --");

  private DemoBoard() {}

  public static void main(String[] arguments) throws Exception {
    int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7070;
    int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 12;
    int reports = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5_000;
    Path history = Files.createTempDirectory("demo-board").resolve("history.db");
    List<Fed> feeds = new ArrayList<>();
    Dashboard dashboard =
        Dashboard.create(
            DashboardConfig.of("none:1", history).withDoor(Door.loopback(port)),
            List::of,
            intake -> {
              feeds.add(new Fed(intake));
              return feeds.get(0);
            });
    dashboard.start();
    System.out.println("http://127.0.0.1:" + dashboard.port() + "/");
    fill(feeds.get(0), runs, reports);
    System.out.println("filled: " + history);
    live(feeds.get(0), run(0, reports), reports);
  }

  static void fill(Fed feed, int runs, int reports) {
    for (int i = runs - 1; i >= 0; i--) {
      int n = i == 0 ? reports : Math.min(reports, 300 + 97 * i);
      DemoRun run = run(i, n);
      fill(feed, run, n, i == 3);
      if (i != 3) {
        feed.bring(status(run, n, i, i == runs - 1));
        feed.bring(alerts(run, i, n));
        feed.bring(run.curve(n - 1));
      }
    }
  }

  private static DemoRun run(int i, int reports) {
    String name = i == 0 ? "digits-batchnorm" : "demo.run_%03d".formatted(i);
    return new DemoRun(name, i == 2 ? 120 : 10, NOW - (reports + 3L * i) * 1000, 1000);
  }

  private static void fill(Fed feed, DemoRun run, int reports, boolean passesOnly) {
    List<WindowReport> batch = new ArrayList<>();
    for (int n = 0; n < reports; n++) {
      if (!passesOnly) {
        batch.add(run.rolling(n));
      }
      if (n % 10 == 0) {
        batch.add(run.earlierLayer(n));
        batch.add(run.snapshot(n, "train"));
        batch.add(run.snapshot(n, "test"));
      }
      if (batch.size() >= BATCH) {
        feed.bring(batch, List.of());
        batch.clear();
      }
    }
    feed.bring(batch, List.of());
  }

  private static RunStatus status(DemoRun run, int n, int i, boolean ended) {
    Map<String, String> tags =
        switch (i) {
          case 1 -> HOSTILE;
          case 4 -> Map.of("simulated", "ce-ufm", "seed", "1");
          default -> Map.of("dataset", "digits", "seed", Integer.toString(i));
        };
    RunStatus.State state = ended ? RunStatus.State.ENDED : run.stateAt(n);
    String reason =
        switch (state) {
          case WAITING -> "the window holds 70 samples; 20 of each class are needed";
          case FITTING -> "3.2 % of the samples in the window are classified wrongly";
          case CONVERGED -> "NC1 has stood at 0.03 for 40 epochs, below the floor of 0.1";
          case STALLED -> "NC1 has stood at 0.47 for 40 epochs, above the floor of 0.1";
          case REGRESSING -> "NC1 has risen from 0.2 to 0.5 over the last 30 epochs";
          case SILENT -> "nothing has come for 90 s; the run promised a message every 30 s";
          case COLLAPSING -> "every sample in the window is classified correctly since epoch 40";
          case ENDED -> "the one rank of the run has ended";
        };
    return run.status(n, state, reason, tags);
  }

  /** None of most runs; of the first one a past one and one that fires. */
  private static Alert[] alerts(DemoRun run, int i, int n) {
    return i > 0
        ? new Alert[0]
        : new Alert[] {
          alert(run, Alert.State.REGRESSING, n / 2, OptionalLong.of(NOW - n * 400L)),
          alert(run, Alert.State.STALLED, n * 4 / 5, OptionalLong.empty())
        };
  }

  private static Alert alert(DemoRun run, Alert.State state, int n, OptionalLong endsMs) {
    return new Alert(
        Alert.VERSION,
        run.id(),
        0,
        state,
        endsMs.isPresent() ? Alert.Status.RESOLVED : Alert.Status.FIRING,
        "NC1 has stood at 0.47 for 40 epochs, above the floor of 0.05; classes 3 and 8 are the closest pair, class 8 varies most",
        run.timestamp(n),
        endsMs,
        run.step(n),
        OptionalDouble.empty(),
        NOW);
  }

  private static void live(Fed feed, DemoRun run, int reports) throws InterruptedException {
    for (int n = reports; ; n++) {
      Thread.sleep(1000);
      feed.bring(run.rolling(n));
      if (n % 10 == 0) {
        feed.bring(run.earlierLayer(n), run.snapshot(n, "train"), run.snapshot(n, "test"));
        feed.bring(status(run, n, 0, false));
      }
    }
  }
}
