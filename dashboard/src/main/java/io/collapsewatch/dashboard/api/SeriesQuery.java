package io.collapsewatch.dashboard.api;

import io.collapsewatch.dashboard.board.WatchedRun;
import io.collapsewatch.dashboard.board.Window;
import io.collapsewatch.dashboard.history.SeriesId;
import io.collapsewatch.dashboard.history.StepRange;
import io.collapsewatch.dashboard.series.ReportNumbers;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.WindowReport;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which series, which part of it and how much of that.
 *
 * @param points how many are wanted of each key; absent: not said
 */
record SeriesQuery(SeriesId series, StepRange steps, List<String> keys, OptionalInt points) {

  private static final int MOST_KEYS = 32;
  private static final int MOST_POINTS = 10_000;

  /** Points times keys; an answer stays below about 20 MB. */
  private static final int MOST_CELLS = 40_000;

  /**
   * What a request asks of {@code run}.
   *
   * @throws Refusal if a parameter is not what is expected
   */
  static SeriesQuery of(Context ctx, WatchedRun run) {
    SeriesQuery query =
        new SeriesQuery(
            new SeriesId(run.id(), attempt(ctx, run), window(ctx)),
            new StepRange(number(ctx, "from", 0), number(ctx, "to", Long.MAX_VALUE)),
            keys(ctx),
            points(ctx));
    if ((long) query.keys.size() * query.points.orElse(0) > MOST_CELLS) {
      throw Refusal.badRequest(
          "%d points of %d keys are asked for; expected at most %d together"
              .formatted(query.points.getAsInt(), query.keys.size(), MOST_CELLS));
    }
    return query;
  }

  private static int attempt(Context ctx, WatchedRun run) {
    long attempt = number(ctx, "attempt", run.attempt());
    if (attempt > Integer.MAX_VALUE) {
      throw Refusal.badRequest(
          "attempt is %d; expected 0..%d".formatted(attempt, Integer.MAX_VALUE));
    }
    return (int) attempt;
  }

  private static Window window(Context ctx) {
    return new Window(
        text(ctx, "split", CaptureHeader.TRAIN),
        text(ctx, "layer", CaptureHeader.PENULTIMATE),
        kind(text(ctx, "kind", "rolling")));
  }

  private static WindowReport.Kind kind(String text) {
    for (WindowReport.Kind kind : WindowReport.Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(text)) {
        return kind;
      }
    }
    throw Refusal.badRequest(
        "kind is %s; expected rolling or snapshot".formatted(Printable.quote(text)));
  }

  private static String text(Context ctx, String name, String otherwise) {
    String text = ctx.queryParam(name);
    return text == null ? otherwise : text;
  }

  private static long number(Context ctx, String name, long otherwise) {
    String text = ctx.queryParam(name);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The sentence below says it.
    }
    throw Refusal.badRequest(
        "%s is %s; expected a whole number of at least 0".formatted(name, Printable.quote(text)));
  }

  private static OptionalInt points(Context ctx) {
    long points = number(ctx, "points", -1);
    if (points > MOST_POINTS || points == 0) {
      throw Refusal.badRequest("points is %d; expected 1..%d".formatted(points, MOST_POINTS));
    }
    return points < 0 ? OptionalInt.empty() : OptionalInt.of((int) points);
  }

  /** Separated by commas, which the name of a layer may hold itself: a norm stands alone. */
  private static List<String> keys(Context ctx) {
    Set<String> keys = new LinkedHashSet<>();
    for (String value : ctx.queryParams("keys")) {
      boolean norm = value.startsWith(ReportNumbers.NORM);
      keys.addAll(norm ? List.of(value) : List.of(value.split(",", -1)));
    }
    if (keys.isEmpty()) {
      keys.add(MetricKey.NC1.key());
    }
    if (keys.size() > MOST_KEYS) {
      throw Refusal.badRequest(
          "%d keys are asked for; expected at most %d".formatted(keys.size(), MOST_KEYS));
    }
    keys.forEach(SeriesQuery::requireKnown);
    return new ArrayList<>(keys);
  }

  private static void requireKnown(String key) {
    if (!ReportNumbers.known(key)) {
      throw Refusal.badRequest(
          "there is no key %s; GET /api/v1/catalog lists the metrics, /openapi.json the others"
              .formatted(Printable.quote(key)));
    }
  }
}
