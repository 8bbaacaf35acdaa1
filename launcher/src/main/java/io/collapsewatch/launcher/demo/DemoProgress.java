package io.collapsewatch.launcher.demo;

import io.collapsewatch.launcher.report.Figures;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.WindowReport;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Shows people how far the runs of the demo are: a line for each snapshot, below it on a terminal
 * one that moves with the live windows, and at the end a table. Fed by one thread.
 */
public final class DemoProgress {

  private static final List<MetricKey> SHOWN =
      List.of(
          MetricKey.NC1,
          MetricKey.NC2_ETF_WEIGHTS,
          MetricKey.NC3_DUALITY,
          MetricKey.NC4_NCC_MISMATCH,
          MetricKey.MARGIN_OPTIMALITY,
          MetricKey.ACCURACY);
  private static final int DIGITS = 3;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final List<DemoRun> runs;
  private final PrintStream out;
  private final boolean terminal;
  private final int epochs;
  private final Map<String, WindowReport> live = new HashMap<>();
  private final Map<String, WindowReport> snapshots = new HashMap<>();

  /**
   * @param runs in the order in which they are shown
   * @param terminal whether {@code out} is one, where a line can be written over
   * @param epochs how long the runs are
   */
  public DemoProgress(List<DemoRun> runs, PrintStream out, boolean terminal, int epochs) {
    this.runs = List.copyOf(runs);
    this.out = out;
    this.terminal = terminal;
    this.epochs = epochs;
  }

  /** Takes the next report; those of other runs are left alone. */
  public void accept(WindowReport report) {
    if (runs.stream().noneMatch(run -> run.name().equals(report.run()))) {
      return;
    }
    if (report.kind() == WindowReport.Kind.SNAPSHOT) {
      snapshots.put(report.run(), report);
      out.print(terminal ? CLEAR_LINE : "");
      out.println(snapshotLine(report));
    } else {
      live.put(report.run(), report);
    }
    if (terminal) {
      out.print(CLEAR_LINE + liveLine());
      out.flush();
    }
  }

  /** Whether the snapshot after the last epoch of every run is there. */
  public boolean complete() {
    return runs.stream().allMatch(run -> epoch(snapshots.get(run.name())) >= epochs);
  }

  /** The newest snapshot report of a run. */
  public Optional<WindowReport> lastSnapshot(DemoRun run) {
    return Optional.ofNullable(snapshots.get(run.name()));
  }

  /** Ends the moving line and prints the last snapshot of each run beside the others'. */
  public void finish() {
    out.print(terminal ? CLEAR_LINE : "");
    out.println();
    out.println(tableLine("", runs.stream().map(DemoRun::name).toList()));
    for (MetricKey key : SHOWN) {
      out.println(tableLine(key.key(), runs.stream().map(run -> lastValue(run, key)).toList()));
    }
    out.flush();
  }

  private String snapshotLine(WindowReport report) {
    List<String> parts = new ArrayList<>();
    parts.add("epoch %3.0f/%d  %-16s".formatted(epoch(report), epochs, report.run()));
    for (MetricKey key : SHOWN) {
      if (key != MetricKey.MARGIN_OPTIMALITY) {
        parts.add(shortName(key) + " " + value(report, key));
      }
    }
    return String.join("  ", parts);
  }

  private String liveLine() {
    List<String> parts = new ArrayList<>();
    for (DemoRun run : runs) {
      WindowReport report = live.get(run.name());
      if (report != null) {
        parts.add(
            "%s %.0f/%d nc1 %s"
                .formatted(
                    run.name(), Math.floor(epoch(report)), epochs, value(report, MetricKey.NC1)));
      }
    }
    return String.join("   ", parts);
  }

  private String lastValue(DemoRun run, MetricKey key) {
    return lastSnapshot(run).map(report -> value(report, key)).orElse(Figures.UNDEFINED);
  }

  private static String tableLine(String name, List<String> values) {
    StringBuilder line = new StringBuilder("%-18s".formatted(name));
    values.forEach(value -> line.append("%18s".formatted(value)));
    return line.toString();
  }

  private static String value(WindowReport report, MetricKey key) {
    OptionalDouble value = report.metrics().get(key);
    return Figures.of(value, DIGITS);
  }

  /** The first part of a key tells the metrics shown here apart: nc1, nc2, … accuracy. */
  private static String shortName(MetricKey key) {
    return key.key().split("_", 2)[0];
  }

  private static double epoch(WindowReport report) {
    return report == null ? 0 : report.epoch().orElse(0);
  }
}
