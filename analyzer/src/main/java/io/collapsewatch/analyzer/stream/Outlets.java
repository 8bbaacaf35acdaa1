package io.collapsewatch.analyzer.stream;

import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.AlertJson;
import io.collapsewatch.protocol.codec.FittedCurveJson;
import io.collapsewatch.protocol.codec.ReportJson;
import io.collapsewatch.protocol.codec.RunStatusJson;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Where messages leave, each kind to its topic, all in the transaction of what brought them. */
final class Outlets {

  private final ProcessorContext<String, byte[]> context;

  Outlets(ProcessorContext<String, byte[]> context) {
    this.context = context;
  }

  void report(WindowReport report) {
    byte[] json = requireFit(ReportJson.encode(report));
    send(report.run(), json, report.timestampMs(), CaptureTopology.REPORTS);
  }

  void status(RunStatus status) {
    byte[] json = RunStatusJson.encode(status);
    send(status.run(), json, status.timestampMs(), CaptureTopology.STATUS);
  }

  void alert(Alert alert) {
    send(alert.run(), AlertJson.encode(alert), alert.timestampMs(), CaptureTopology.ALERTS);
  }

  void curve(FittedCurve curve) {
    send(curve.run(), FittedCurveJson.encode(curve), curve.timestampMs(), CaptureTopology.CURVES);
  }

  private void send(String run, byte[] json, long timestampMs, String sink) {
    context.forward(new Record<>(run, json, timestampMs), sink);
  }

  /**
   * The limits of a capture keep reports small; one that is not would abort its transaction for
   * ever.
   */
  private static byte[] requireFit(byte[] report) {
    if (report.length > Limits.RECORD_BYTES) {
      throw new IllegalStateException(
          "a report of %d bytes; expected at most %d"
              .formatted(report.length, Limits.RECORD_BYTES));
    }
    return report;
  }
}
