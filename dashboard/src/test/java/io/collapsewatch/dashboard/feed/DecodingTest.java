package io.collapsewatch.dashboard.feed;

import static io.collapsewatch.dashboard.Given.START_MS;
import static io.collapsewatch.dashboard.Given.alert;
import static io.collapsewatch.dashboard.Given.curve;
import static io.collapsewatch.dashboard.Given.nc1;
import static io.collapsewatch.dashboard.Given.report;
import static io.collapsewatch.dashboard.Given.status;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.collapsewatch.dashboard.Fed;
import io.collapsewatch.dashboard.feed.Decoding.Decoded;
import io.collapsewatch.dashboard.feed.Decoding.Raw;
import io.collapsewatch.dashboard.history.Received;
import io.collapsewatch.dashboard.history.Source;
import io.collapsewatch.protocol.Alert;
import io.collapsewatch.protocol.FittedCurve;
import io.collapsewatch.protocol.RunStatus;
import io.collapsewatch.protocol.WindowReport;
import io.collapsewatch.protocol.codec.AlertJson;
import io.collapsewatch.protocol.codec.FittedCurveJson;
import io.collapsewatch.protocol.codec.ReportJson;
import io.collapsewatch.protocol.codec.RunStatusJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class DecodingTest {

  private static final String SENTENCE =
      "skipped the record at offset %d of partition 0 of collapsewatch.reports.v1: \"%s\"; /metrics counts what is skipped, and a minute passes before the next such line";

  private final Logger logger = (Logger) LoggerFactory.getLogger(Decoding.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private long now = Long.MAX_VALUE - 1;
  private final Decoding decoding = new Decoding(() -> now);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void stop() {
    logger.setAdditive(true);
    logger.detachAppender(lines);
  }

  @Test
  void reportsAndStatusesAreToldApartByTheirTopics() {
    WindowReport report = nc1("r", 1, 0.5);
    RunStatus status = status("r", 0, RunStatus.State.FITTING, START_MS);
    Decoded decoded =
        decoding.decode(
            List.of(
                new Raw(Fed.REPORTS, 7, ReportJson.encode(report)),
                new Raw(Fed.RUNS, 3, RunStatusJson.encode(status))));
    assertThat(decoded.batch().reports()).containsExactly(new Received<>(Fed.REPORTS, 7, report));
    assertThat(decoded.batch().statuses()).containsExactly(new Received<>(Fed.RUNS, 3, status));
    assertThat(decoded.batch().next()).containsEntry(Fed.REPORTS, 8L).containsEntry(Fed.RUNS, 4L);
    assertThat(decoded.skipped()).isZero();
  }

  @Test
  void alertsHaveATopicOfTheirOwn() {
    Alert alert = alert("r", Alert.State.STALLED, 1000);
    byte[] json = AlertJson.encode(alert);
    Decoded decoded =
        decoding.decode(List.of(new Raw(Fed.ALERTS, 2, json), new Raw(Fed.RUNS, 9, json)));
    assertThat(decoded.batch().alerts()).containsExactly(new Received<>(Fed.ALERTS, 2, alert));
    assertThat(decoded.batch().statuses()).isEmpty();
    assertThat(decoded.batch().next()).containsEntry(Fed.ALERTS, 3L);
    assertThat(decoded.skipped()).isEqualTo(1);
  }

  @Test
  void curvesHaveATopicOfTheirOwn() {
    FittedCurve curve = curve("r", 0, 0.5);
    byte[] json = FittedCurveJson.encode(curve);
    Decoded decoded =
        decoding.decode(List.of(new Raw(Fed.CURVES, 2, json), new Raw(Fed.ALERTS, 9, json)));
    assertThat(decoded.batch().curves()).containsExactly(new Received<>(Fed.CURVES, 2, curve));
    assertThat(decoded.batch().alerts()).isEmpty();
    assertThat(decoded.batch().next()).containsEntry(Fed.CURVES, 3L);
    assertThat(decoded.skipped()).isEqualTo(1);
  }

  @Test
  void anAlertOfWhatCannotBeARunIsSkipped() {
    String json =
        new String(AlertJson.encode(alert("r", Alert.State.SILENT, 0)), StandardCharsets.UTF_8);
    Decoded decoded =
        decoding.decode(
            List.of(
                new Raw(
                    Fed.ALERTS,
                    0,
                    json.replace("\"r\"", "\"<script>\"").getBytes(StandardCharsets.UTF_8))));
    assertThat(decoded.batch().alerts()).isEmpty();
    assertThat(decoded.skipped()).isEqualTo(1);
  }

  @Test
  void whatIsNoReportIsSkippedCountedAndSaid() {
    Decoded decoded =
        decoding.decode(
            List.of(
                raw(0, "\u001b[31m"),
                new Raw(Fed.REPORTS, 1, ReportJson.encode(nc1("r", 1, 0.5))),
                raw(2, "{\"version\":2}")));
    assertThat(decoded.batch().reports()).hasSize(1);
    assertThat(decoded.batch().next()).containsEntry(Fed.REPORTS, 3L);
    assertThat(decoded.skipped()).isEqualTo(2);
    assertThat(said()).hasSize(1);
    assertThat(said().get(0)).startsWith("WARN skipped the record at offset 0 ");
    assertThat(said().get(0)).doesNotContain("\u001b");

    // The clock wraps around here, as System.nanoTime may.
    now += 60_000_000_000L;
    Decoded unused = decoding.decode(List.of(raw(3, "{\"version\":2}")));
    assertThat(said())
        .hasSize(2)
        .endsWith(
            "WARN " + SENTENCE.formatted(3, "the version of the report is \\\"2\\\"; expected 1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<script>", "a\nb", "../etc", "x y", "\u202Er"})
  void aRunThatCannotBeOneIsSkipped(String run) {
    Decoded decoded =
        decoding.decode(List.of(new Raw(Fed.REPORTS, 0, ReportJson.encode(nc1(run, 1, 1)))));
    assertThat(decoded.batch().reports()).isEmpty();
    assertThat(decoded.skipped()).isEqualTo(1);
  }

  @Test
  void aSplitLayerStepOrAttemptThatCannotBeOneIsSkipped() {
    List<Raw> records = new ArrayList<>();
    for (WindowReport report :
        List.of(
            report("r", 1).window("\"", "penultimate", WindowReport.Kind.ROLLING).build(),
            report("r", 1).window("train", "A", WindowReport.Kind.ROLLING).build(),
            report("r", -1).build(),
            report("r", 1).attempt(-1).build())) {
      records.add(new Raw(Fed.REPORTS, records.size(), ReportJson.encode(report)));
    }
    assertThat(decoding.decode(records).skipped()).isEqualTo(4);
  }

  @Test
  void aDeletedKeyIsNothing() {
    Source source = Fed.RUNS;
    Decoded decoded = decoding.decode(List.of(new Raw(source, 4, null)));
    assertThat(decoded.skipped()).isZero();
    assertThat(decoded.batch().next()).containsEntry(source, 5L);
    assertThat(said()).isEmpty();
  }

  private static Raw raw(long offset, String value) {
    return new Raw(Fed.REPORTS, offset, value.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> said() {
    return lines.list.stream()
        .filter(line -> line.getLevel().equals(Level.WARN))
        .map(line -> line.getLevel() + " " + line.getFormattedMessage())
        .toList();
  }
}
