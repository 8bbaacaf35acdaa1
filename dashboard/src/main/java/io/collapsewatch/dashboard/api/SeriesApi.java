package io.collapsewatch.dashboard.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.collapsewatch.dashboard.board.Board;
import io.collapsewatch.dashboard.history.History;
import io.collapsewatch.dashboard.series.SeriesRow;
import io.collapsewatch.dashboard.series.Thinning;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Numbers of a run over its steps, as columns or as CSV. */
final class SeriesApi {

  private static final int POINTS = 1000;

  private final Board board;
  private final History history;

  SeriesApi(Board board, History history) {
    this.board = board;
    this.history = history;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/api/v1/runs/{run}/series", this::series);
    routes.get("/api/v1/runs/{run}/series.csv", this::csv);
  }

  private void series(Context ctx) {
    SeriesQuery query = SeriesQuery.of(ctx, RunsApi.require(board, ctx));
    Thinning thinning = thinned(query);
    Json.answer(ctx, Json.written(out -> write(out, query, thinning)));
  }

  private Thinning thinned(SeriesQuery query) {
    Thinning thinning = new Thinning(query.points().orElse(POINTS));
    history.series(query.series(), query.steps(), query.keys(), thinning::add);
    return thinning;
  }

  private static void write(JsonGenerator out, SeriesQuery query, Thinning thinning)
      throws IOException {
    out.writeStartObject();
    writeSeries(out, query);
    out.writeNumberField("total", thinning.total());
    out.writeObjectFieldStart("columns");
    List<SeriesRow> rows = thinning.rows();
    writeWhere(out, rows);
    for (int k = 0; k < query.keys().size(); k++) {
      out.writeArrayFieldStart(query.keys().get(k));
      for (SeriesRow row : rows) {
        Json.writeNumber(out, row.values()[k]);
      }
      out.writeEndArray();
    }
    out.writeEndObject();
    out.writeEndObject();
  }

  /** Of which series an answer is. */
  static void writeSeries(JsonGenerator out, SeriesQuery query) throws IOException {
    out.writeStringField("run", query.series().run());
    out.writeStringField("split", query.series().window().split());
    out.writeStringField("layer", query.series().window().layer());
    out.writeStringField("kind", query.series().window().kindName());
    out.writeNumberField("attempt", query.series().attempt());
  }

  private static void writeWhere(JsonGenerator out, List<SeriesRow> rows) throws IOException {
    out.writeArrayFieldStart("step");
    for (SeriesRow row : rows) {
      out.writeNumber(row.step());
    }
    out.writeEndArray();
    out.writeArrayFieldStart("epoch");
    for (SeriesRow row : rows) {
      Json.writeNumber(out, row.epoch());
    }
    out.writeEndArray();
    out.writeArrayFieldStart("timestamp_ms");
    for (SeriesRow row : rows) {
      out.writeNumber(row.timestampMs());
    }
    out.writeEndArray();
  }

  private void csv(Context ctx) throws IOException {
    SeriesQuery query = SeriesQuery.of(ctx, RunsApi.require(board, ctx));
    ctx.contentType("text/csv; charset=utf-8");
    ctx.header("Content-Disposition", "attachment; filename=\"%s\"".formatted(fileName(query)));
    try (Writer out =
        new BufferedWriter(new OutputStreamWriter(ctx.outputStream(), StandardCharsets.UTF_8))) {
      Csv csv = new Csv(out);
      csv.writeHeader(query.keys());
      if (query.points().isPresent()) {
        thinned(query).rows().forEach(csv::write);
      } else {
        history.series(query.series(), query.steps(), query.keys(), csv::write);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String fileName(SeriesQuery query) {
    return "%s-%s-%s-%s.csv"
        .formatted(
            query.series().run(),
            query.series().window().split(),
            query.series().window().layer(),
            query.series().window().kindName())
        .replaceAll("[^A-Za-z0-9._-]", "_");
  }
}
