package io.collapsewatch.dashboard.board;

import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import java.util.List;
import java.util.function.Predicate;

/** What came at once, each kind in its order. */
public record News(
    List<WindowReport> reports,
    List<RunStatus> statuses,
    List<Alert> alerts,
    List<FittedCurve> curves) {

  /** That nothing came. */
  public static final News NONE = new News(List.of(), List.of(), List.of(), List.of());

  public News {
    reports = List.copyOf(reports);
    statuses = List.copyOf(statuses);
    alerts = List.copyOf(alerts);
    curves = List.copyOf(curves);
  }

  /** What of it is about such runs. */
  News about(Predicate<String> runs) {
    return new News(
        reports.stream().filter(report -> runs.test(report.run())).toList(),
        statuses.stream().filter(status -> runs.test(status.run())).toList(),
        alerts.stream().filter(alert -> runs.test(alert.run())).toList(),
        curves.stream().filter(curve -> runs.test(curve.run())).toList());
  }
}
