package io.collapsewatch.dashboard.feed;

import io.collapsewatch.dashboard.history.Batch;
import io.collapsewatch.dashboard.history.Received;
import io.collapsewatch.dashboard.history.Source;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.Topics;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.AlertJson;
import io.collapsewatch.protocol.codec.FittedCurveJson;
import io.collapsewatch.protocol.codec.ReportJson;
import io.collapsewatch.protocol.codec.RunStatusJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the bytes of records to a batch; what is none of what is expected is skipped and said. */
final class Decoding {

  private static final Logger log = LoggerFactory.getLogger(Decoding.class);
  private static final long NANOS_BETWEEN_WARNINGS = 60_000_000_000L;

  private final LongSupplier nanoTime;
  private long lastWarning;
  private boolean warned;

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  Decoding(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * A record as it was read.
   *
   * @param value null where a compacted topic says that there is nothing any more; not modified
   */
  // Made for one call and thrown away.
  @SuppressWarnings("ArrayRecordComponent")
  record Raw(Source source, long offset, byte[] value) {}

  /**
   * What was decoded.
   *
   * @param skipped how many records were no report, status, alert or curve
   */
  record Decoded(Batch batch, int skipped) {}

  Decoded decode(List<Raw> records) {
    Lists lists = new Lists();
    Map<Source, Long> next = new HashMap<>();
    int skipped = 0;
    for (Raw raw : records) {
      next.merge(raw.source, raw.offset + 1, Math::max);
      try {
        lists.add(raw);
      } catch (RuntimeException e) {
        skipped++;
        warn(raw, e);
      }
    }
    return new Decoded(lists.batch(next), skipped);
  }

  /** Where the values go, by their topics. */
  private record Lists(
      List<Received<WindowReport>> reports,
      List<Received<RunStatus>> statuses,
      List<Received<Alert>> alerts,
      List<Received<FittedCurve>> curves) {

    Lists() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    Batch batch(Map<Source, Long> next) {
      return new Batch(reports, statuses, alerts, curves, next);
    }

    void add(Raw raw) {
      if (raw.value == null) {
        return;
      }
      switch (raw.source.topic()) {
        case Topics.REPORTS -> reports.add(received(raw, report(raw.value)));
        case Topics.RUNS -> statuses.add(received(raw, status(raw.value)));
        case Topics.ALERTS -> alerts.add(received(raw, AlertJson.decode(raw.value)));
        case Topics.CURVES -> curves.add(received(raw, FittedCurveJson.decode(raw.value)));
        default -> throw new IllegalArgumentException("nothing is read from this topic");
      }
    }

    private static <T> Received<T> received(Raw raw, T value) {
      return new Received<>(raw.source, raw.offset, value);
    }
  }

  private static WindowReport report(byte[] json) {
    WindowReport report = ReportJson.decode(json);
    requireNames(
        CaptureHeader.of(report.run(), report.stepLast())
            .withSource(report.split(), report.layer()),
        report.attempt());
    return report;
  }

  private static RunStatus status(byte[] json) {
    RunStatus status = RunStatusJson.decode(json);
    requireNames(CaptureHeader.of(status.run(), status.step()), status.attempt());
    return status;
  }

  /** A capture's header refuses what no run, split, layer, step or attempt can be. */
  private static void requireNames(CaptureHeader header, int attempt) {
    CaptureHeader unused = header.withSender(attempt, 0, 1);
  }

  private void warn(Raw raw, RuntimeException e) {
    long now = nanoTime.getAsLong();
    if (!warned || now - lastWarning >= NANOS_BETWEEN_WARNINGS) {
      warned = true;
      lastWarning = now;
      log.warn(
          "skipped the record at offset {} of partition {} of {}: {}; /metrics counts what is skipped, and a minute passes before the next such line",
          raw.offset,
          raw.source.partition(),
          raw.source.topic(),
          Printable.quote(String.valueOf(e.getMessage())));
    }
  }
}
