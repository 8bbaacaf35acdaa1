package io.collapsewatch.launcher.report;

import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.WindowReport;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Reports as lines of a table of at most 120 columns. */
public final class ReportTable {

  private static final String FORMAT = "%8s  %-25s %-8s %8s %7s %9s %9s %9s %9s %9s %8s";
  private static final int RUN_WIDTH = 25;
  private static final int DIGITS = 4;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]*");

  private final DateTimeFormatter clock;

  /**
   * @param zone of the times in the first column
   */
  public ReportTable(ZoneId zone) {
    clock = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(zone);
  }

  /** The names of the columns. */
  public String header() {
    return FORMAT.formatted(
        "time",
        "run",
        "kind",
        "step",
        "samples",
        "nc1",
        "nc2_etf",
        "nc3_dual",
        "nc4_ncc",
        "margin",
        "accuracy");
  }

  /**
   * One report: its run, with split and layer unless they are the usual ones, and the metrics nc1,
   * nc2_etf_weights, nc3_duality, nc4_ncc_mismatch, margin_p50 (margin_mean where there is no
   * median) and accuracy. Texts are inert on a terminal.
   */
  public String line(WindowReport report) {
    OptionalDouble median = report.metrics().get(MetricKey.MARGIN_P50);
    return FORMAT.formatted(
        clock.format(Instant.ofEpochMilli(report.timestampMs())),
        source(report),
        report.kind().name().toLowerCase(Locale.ROOT),
        report.stepLast(),
        metric(report, MetricKey.SAMPLES),
        metric(report, MetricKey.NC1),
        metric(report, MetricKey.NC2_ETF_WEIGHTS),
        metric(report, MetricKey.NC3_DUALITY),
        metric(report, MetricKey.NC4_NCC_MISMATCH),
        metric(report, median.isPresent() ? MetricKey.MARGIN_P50 : MetricKey.MARGIN_MEAN),
        metric(report, MetricKey.ACCURACY));
  }

  private static String metric(WindowReport report, MetricKey key) {
    return Figures.of(report.metrics().get(key), DIGITS);
  }

  private static String source(WindowReport report) {
    String source = "";
    if (!report.split().equals(CaptureHeader.TRAIN)
        || !report.layer().equals(CaptureHeader.PENULTIMATE)) {
      source = " " + inert(report.split()) + "/" + inert(report.layer());
    }
    String run = cut(inert(report.run()), Math.max(RUN_WIDTH / 2, RUN_WIDTH - source.length()));
    return cut(run + source, RUN_WIDTH);
  }

  /** Ids made as the format says are harmless; others are quoted. */
  private static String inert(String text) {
    return PLAIN.matcher(text).matches() ? text : Printable.quote(text);
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + "…";
  }
}
