package io.collapsewatch.dashboard.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.history.History;
import io.collapsewatch.dashboard.series.MarginColumn;
import io.collapsewatch.dashboard.series.MarginThinning;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.Printable;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;

/** The distribution of the margins over the steps. */
final class MarginsApi {

  private static final int POINTS = 200;
  private static final int MOST_POINTS = 1000;

  private static final List<MetricKey> PERCENTILES =
      List.of(
          MetricKey.MARGIN_P01,
          MetricKey.MARGIN_P05,
          MetricKey.MARGIN_P25,
          MetricKey.MARGIN_P50,
          MetricKey.MARGIN_P75,
          MetricKey.MARGIN_P95,
          MetricKey.MARGIN_P99);

  private static final double[] SHARES = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

  private final Board board;
  private final History history;

  MarginsApi(Board board, History history) {
    this.board = board;
    this.history = history;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/api/v1/runs/{run}/margins", this::margins);
  }

  private void margins(Context ctx) {
    SeriesQuery query = SeriesQuery.of(ctx, RunsApi.require(board, ctx));
    boolean seen = seen(ctx);
    int points = query.points().orElse(POINTS);
    if (points > MOST_POINTS) {
      throw Refusal.badRequest("points is %d; expected 1..%d".formatted(points, MOST_POINTS));
    }
    MarginThinning thinning = new MarginThinning(points, SHARES);
    history.margins(query.series(), query.steps(), seen, keys(seen), thinning::add);
    List<MarginColumn> columns = thinning.columns();
    Json.answer(ctx, Json.written(out -> write(out, query, columns)));
  }

  private static boolean seen(Context ctx) {
    String source = ctx.queryParam("source");
    if (source == null || source.equals("window")) {
      return false;
    }
    if (source.equals("seen")) {
      return true;
    }
    throw Refusal.badRequest(
        "source is %s; expected window or seen".formatted(Printable.quote(source)));
  }

  /** The percentiles in a report are those of the window; no number has the names of the others. */
  private static List<String> keys(boolean seen) {
    return PERCENTILES.stream().map(metric -> seen ? "" : metric.key()).toList();
  }

  private static void write(JsonGenerator out, SeriesQuery query, List<MarginColumn> columns)
      throws IOException {
    out.writeStartObject();
    SeriesApi.writeSeries(out, query);
    writeWhere(out, columns);
    writeHistograms(out, columns);
    out.writeObjectFieldStart("quantiles");
    for (int q = 0; q < SHARES.length; q++) {
      out.writeArrayFieldStart(PERCENTILES.get(q).key());
      for (MarginColumn column : columns) {
        Json.writeNumber(out, column.quantiles()[q]);
      }
      out.writeEndArray();
    }
    out.writeEndObject();
    out.writeEndObject();
  }

  private static void writeWhere(JsonGenerator out, List<MarginColumn> columns) throws IOException {
    out.writeObjectFieldStart("columns");
    out.writeFieldName("step");
    writeArray(out, columns.stream().mapToLong(MarginColumn::step).toArray());
    out.writeFieldName("timestamp_ms");
    writeArray(out, columns.stream().mapToLong(MarginColumn::timestampMs).toArray());
    out.writeEndObject();
  }

  private static void writeHistograms(JsonGenerator out, List<MarginColumn> columns)
      throws IOException {
    out.writeArrayFieldStart("bins");
    for (MarginColumn column : columns) {
      int[] bins = column.bins().bins();
      out.writeArray(bins, 0, bins.length);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("counts");
    for (MarginColumn column : columns) {
      writeArray(out, column.bins().counts());
    }
    out.writeEndArray();
  }

  private static void writeArray(JsonGenerator out, long[] numbers) throws IOException {
    out.writeArray(numbers, 0, numbers.length);
  }
}
