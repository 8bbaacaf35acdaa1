package io.collapsewatch.dashboard.history;

import io.collapsewatch.dashboard.board.Window;
import io.collapsewatch.protocol.WindowReport;

/** Which series of reports: those of one window of one attempt of a run. */
public record SeriesId(String run, int attempt, Window window) {

  static SeriesId of(WindowReport report) {
    return new SeriesId(report.run(), report.attempt(), Window.of(report));
  }
}
