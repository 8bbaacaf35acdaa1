package io.collapsewatch.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.collapsewatch.browser.Browser;
import io.collapsewatch.browser.Tab;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a browser takes to show a run of 100 000 reports, and how busy live reports keep it.
 * Prints percentiles; not part of the build.
 */
class PageBenchmark {

  private static final int REPORTS = 100_000;
  private static final int BATCH = 500;
  private static final int OPENINGS = 15;
  private static final int UPDATES = 250;
  private static final int UPDATE_MILLIS = 200;

  private static final String DRAWN = "!!document.querySelector('cw-chart .uplot canvas')";

  /** Notes the frame after the one in which the first chart is there: then it is on the screen. */
  private static final String NOTE_FIRST_CHART =
      """
      (function look() {
        if (%s) requestAnimationFrame(() => { window.firstChart = performance.now(); });
        else requestAnimationFrame(look);
      })();"""
          .formatted(DRAWN);

  private static final String COLLECT_UPDATES =
      """
      window.updates = [];
      new PerformanceObserver((list) => {
        for (const { name, duration } of list.getEntries()) if (name === 'live-update') window.updates.push(duration);
      }).observe({ entryTypes: ['measure'] });""";

  private final DemoRun run = new DemoRun("long", 10, 1_790_000_000_000L, 1000);
  private int next = REPORTS;

  @Test
  void printsHowLongThePageTakes(@TempDir Path folder) throws Exception {
    try (Running dashboard = Running.in(folder);
        Browser browser = Browser.start()) {
      fill(dashboard);
      openings(dashboard, browser);
      updates(dashboard, browser, "at the top", "document.body");
      updates(dashboard, browser, "at the margins", "document.querySelector('#margins-title')");
      updates(dashboard, browser, "at the classes", "document.querySelector('#classes-title')");
    }
  }

  private void fill(Running dashboard) {
    for (int first = 0; first < REPORTS; first += BATCH) {
      List<WindowReport> batch = new ArrayList<>();
      for (int n = first; n < first + BATCH; n++) {
        batch.add(run.rolling(n));
      }
      batch.add(run.snapshot(first + BATCH - 1, "train"));
      dashboard.feed().bring(batch, List.of());
    }
    dashboard.feed().bring(run.status(REPORTS, RunStatus.State.COLLAPSING, "made up", Map.of()));
    dashboard.feed().bring(run.curve(REPORTS));
  }

  /** A tab of its own each: nothing is in its cache. */
  private static void openings(Running dashboard, Browser browser) {
    double[] milliseconds = new double[OPENINGS];
    for (int i = 0; i < OPENINGS; i++) {
      try (Tab tab = browser.tab()) {
        tab.onEveryPage(NOTE_FIRST_CHART).go(dashboard.address("run.html?run=long"));
        tab.until("window.firstChart > 0");
        milliseconds[i] = tab.eval("window.firstChart").asDouble();
      }
    }
    print("from navigation to the first chart, %d openings".formatted(OPENINGS), milliseconds);
  }

  private void updates(Running dashboard, Browser browser, String where, String at)
      throws InterruptedException {
    try (Tab tab = browser.tab()) {
      tab.onEveryPage(COLLECT_UPDATES).go(dashboard.address("run.html?run=long")).until(DRAWN);
      tab.eval(at + ".scrollIntoView()");
      tab.until("[...document.querySelectorAll('.readout b')].length > 3");
      Thread.sleep(2000);
      double before = tab.scriptSeconds();
      for (int i = 0; i < UPDATES; i++) {
        Thread.sleep(UPDATE_MILLIS);
        dashboard.feed().bring(run.rolling(next++));
      }
      tab.until("window.updates.length > %d".formatted(UPDATES * 9 / 10));
      double all = 1000 * (tab.scriptSeconds() - before);
      JsonNode found = tab.eval("window.updates");
      assertThat(tab.problems()).isEmpty();
      double[] milliseconds = new double[found.size()];
      Arrays.setAll(milliseconds, i -> found.get(i).asDouble());
      print("live update %s, %d updates".formatted(where, milliseconds.length), milliseconds);
      System.out.printf("  processor time of all its scripts: %.1f ms a report%n", all / UPDATES);
    }
  }

  private static void print(String what, double[] milliseconds) {
    Arrays.sort(milliseconds);
    System.out.printf(
        "%s: p50 %.1f ms, p95 %.1f ms, longest %.1f ms%n",
        what,
        percentile(milliseconds, 0.5),
        percentile(milliseconds, 0.95),
        milliseconds[milliseconds.length - 1]);
  }

  private static double percentile(double[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
