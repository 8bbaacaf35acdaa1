package io.collapsewatch.protocol.codec;

import io.collapsewatch.protocol.WindowReport;

/** Reports as JSON; {@code window-report.schema.json} describes them. */
public final class ReportJson {

  private static final TopicJson<WindowReport> JSON =
      new TopicJson<>(
          WindowReport.class, "report", "window-report.schema.json", WindowReport.VERSION);

  private ReportJson() {}

  /**
   * The report as UTF-8 JSON on one line; what is absent is left out. Equal reports have the same
   * bytes on every JDK.
   */
  public static byte[] encode(WindowReport report) {
    return JSON.encode(report);
  }

  /**
   * The report in {@code json}; fields that this build does not know are ignored.
   *
   * @throws IllegalArgumentException if it is none, with what is wrong
   */
  public static WindowReport decode(byte[] json) {
    return JSON.decode(json);
  }
}
