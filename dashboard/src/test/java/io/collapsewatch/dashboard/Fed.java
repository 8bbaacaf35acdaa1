package io.collapsewatch.dashboard;

import io.collapsewatch.dashboard.feed.Feed;
import io.collapsewatch.dashboard.feed.Intake;
import io.collapsewatch.dashboard.history.Batch;
import io.collapsewatch.dashboard.history.Received;
import io.collapsewatch.dashboard.history.Source;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.Topics;
import io.collapsewatch.protocol.WindowReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A feed that is told what to bring, with positions as Kafka would give them. */
public final class Fed implements Feed {

  public static final Source REPORTS = new Source(Topics.REPORTS, "reports-id", 0);
  public static final Source RUNS = new Source(Topics.RUNS, "runs-id", 0);
  public static final Source ALERTS = new Source(Topics.ALERTS, "alerts-id", 0);
  public static final Source CURVES = new Source(Topics.CURVES, "curves-id", 0);

  private final Intake intake;
  private long nextReport;
  private long nextStatus;
  private long nextAlert;
  private long nextCurve;

  /** Goes on where the history ends. */
  public Fed(Intake intake) {
    this.intake = intake;
    this.nextReport = intake.offsets().getOrDefault(REPORTS, 0L);
    this.nextStatus = intake.offsets().getOrDefault(RUNS, 0L);
    this.nextAlert = intake.offsets().getOrDefault(ALERTS, 0L);
    this.nextCurve = intake.offsets().getOrDefault(CURVES, 0L);
  }

  public void bring(WindowReport... reports) {
    bring(List.of(reports), List.of());
  }

  public void bring(RunStatus status) {
    bring(List.of(), List.of(status));
  }

  public void bring(Alert... alerts) {
    List<Received<Alert>> received = new ArrayList<>();
    for (Alert alert : alerts) {
      received.add(new Received<>(ALERTS, nextAlert++, alert));
    }
    intake.take(new Batch(List.of(), List.of(), received, List.of(), Map.of(ALERTS, nextAlert)));
  }

  public void bring(FittedCurve curve) {
    List<Received<FittedCurve>> received = List.of(new Received<>(CURVES, nextCurve++, curve));
    intake.take(new Batch(List.of(), List.of(), List.of(), received, Map.of(CURVES, nextCurve)));
  }

  public void bring(List<WindowReport> reports, List<RunStatus> statuses) {
    List<Received<WindowReport>> received = new ArrayList<>();
    for (WindowReport report : reports) {
      received.add(new Received<>(REPORTS, nextReport++, report));
    }
    List<Received<RunStatus>> judged = new ArrayList<>();
    for (RunStatus status : statuses) {
      judged.add(new Received<>(RUNS, nextStatus++, status));
    }
    Map<Source, Long> next = new HashMap<>(Map.of(REPORTS, nextReport, RUNS, nextStatus));
    intake.take(new Batch(received, judged, List.of(), List.of(), next));
  }

  @Override
  public void start() {}

  @Override
  public Optional<String> missing() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
