package io.collapsewatch.dashboard;

import io.collapsewatch.dashboard.api.Door;
import io.collapsewatch.protocol.WindowReport;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints how long it takes to write the reports of a long run, to start with them, and to draw it:
 * {@code SeriesBenchmark [REPORTS]}.
 */
final class SeriesBenchmark {

  private static final int BATCH = 500;
  private static final int REPEATS = 11;

  private SeriesBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    int reports = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
    Path file = Files.createTempDirectory("series-benchmark").resolve("history.db");
    DemoRun run = new DemoRun("long", 10, 1_790_000_000_000L, 1000);
    fill(file, run, reports);
    long start = System.nanoTime();
    try (Dashboard dashboard = dashboard(file, new ArrayList<>())) {
      dashboard.start();
      System.out.printf("start with them: %d ms%n", millisSince(start));
      String base = "http://127.0.0.1:%d/api/v1/runs/long/".formatted(dashboard.port());
      time(base + "series?keys=nc1&points=1000");
      time(base + "series?keys=nc1,nc2_etf_means,nc3_duality,nc4_ncc_mismatch&points=1000");
      time(base + "series?keys=nc1&points=1000&from=1400000&to=1500000");
      time(base + "margins?points=200");
      time(base + "series.csv?keys=nc1");
    }
  }

  private static Dashboard dashboard(Path file, List<Fed> feeds) {
    return Dashboard.create(
        DashboardConfig.of("none:1", file).withDoor(Door.loopback(0)),
        List::of,
        intake -> {
          feeds.add(new Fed(intake));
          return feeds.get(0);
        });
  }

  private static void fill(Path file, DemoRun run, int reports) throws Exception {
    List<Fed> feeds = new ArrayList<>();
    long writing = 0;
    try (Dashboard dashboard = dashboard(file, feeds)) {
      System.out.println("ready: " + dashboard.ready());
      for (int first = 0; first < reports; first += BATCH) {
        List<WindowReport> batch = new ArrayList<>();
        for (int n = first; n < Math.min(reports, first + BATCH); n++) {
          batch.add(run.rolling(n));
        }
        long start = System.nanoTime();
        feeds.get(0).bring(batch, List.of());
        writing += System.nanoTime() - start;
      }
    }
    System.out.printf(
        "%d reports written in %d ms, %d MiB%n",
        reports, writing / 1_000_000, Files.size(file) >> 20);
  }

  private static void time(String address) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
    List<Long> millis = new ArrayList<>();
    int bytes = 0;
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      bytes = client.send(request, BodyHandlers.ofByteArray()).body().length;
      millis.add(millisSince(start));
    }
    System.out.printf(
        "%s: first %d ms, then %s ms, %d bytes%n",
        URI.create(address).getPath() + "?" + URI.create(address).getQuery(),
        millis.get(0),
        millis.subList(1, REPEATS),
        bytes);
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
