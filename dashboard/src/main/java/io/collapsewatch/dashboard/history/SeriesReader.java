package io.collapsewatch.dashboard.history;

import io.collapsewatch.dashboard.series.MarginRow;
import io.collapsewatch.dashboard.series.SeriesRow;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Reads one series from its beginning to its end, a page at a time: in between others get their
 * turn, however slowly the rows are used.
 */
final class SeriesReader {

  private static final int PAGE = 10_000;
  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

  private final Readers readers;
  private final SeriesId series;
  private final StepRange steps;
  private final List<String> keys;

  /** Where the keys stand in each list of keys met so far; −1 where they are not in it. */
  private final Map<Long, int[]> places = new HashMap<>();

  SeriesReader(Readers readers, SeriesId series, StepRange steps, List<String> keys) {
    this.readers = readers;
    this.series = series;
    this.steps = steps;
    this.keys = keys;
  }

  void read(Consumer<SeriesRow> use) {
    pages(
        "SELECT id, step, epoch, timestamp_ms, layout, numbers FROM reports WHERE id BETWEEN ? AND ? AND step BETWEEN ? AND ? ORDER BY id LIMIT ?",
        this::row,
        row -> row,
        use);
  }

  /**
   * @param seen whether to read the margins of every row; otherwise those of the samples held
   */
  void readMargins(boolean seen, Consumer<MarginRow> use) {
    String column = seen ? "seen" : "held";
    pages(
        "SELECT id, step, epoch, timestamp_ms, layout, numbers, "
            + column
            + " FROM reports JOIN margins USING(id) WHERE id BETWEEN ? AND ? AND step BETWEEN ? AND ? AND "
            + column
            + " IS NOT NULL ORDER BY id LIMIT ?",
        this::marginRow,
        MarginRow::row,
        use);
  }

  /** Makes a value of a row of the database, which may need others. */
  private interface Make<T> {
    T of(Statements statements, ResultSet row) throws SQLException;
  }

  /** The part of a value that says where in the series it is. */
  private interface Place<T> {
    SeriesRow of(T value);
  }

  private <T> void pages(String sql, Make<T> make, Place<T> place, Consumer<T> use) {
    OptionalLong id = readers.read(this::seriesId);
    if (id.isEmpty()) {
      return;
    }
    long next = Ids.first(id.getAsLong());
    long last = Ids.last(id.getAsLong());
    while (next <= last) {
      long first = next;
      List<T> page =
          readers.read(
              statements ->
                  statements.all(
                      row -> make.of(statements, row),
                      sql,
                      first,
                      last,
                      steps.from(),
                      steps.to(),
                      PAGE));
      page.forEach(use);
      if (page.size() < PAGE) {
        return;
      }
      SeriesRow end = place.of(page.get(PAGE - 1));
      next = Ids.report(id.getAsLong(), end.place() + 1);
    }
  }

  private OptionalLong seriesId(Statements statements) throws SQLException {
    return statements
        .first(
            row -> OptionalLong.of(row.getLong(1)),
            "SELECT id FROM series WHERE run = ? AND attempt = ? AND split = ? AND layer = ? AND kind = ?",
            series.run(),
            series.attempt(),
            series.window().split(),
            series.window().layer(),
            series.window().kindName())
        .orElse(OptionalLong.empty());
  }

  private MarginRow marginRow(Statements statements, ResultSet row) throws SQLException {
    return new MarginRow(row(statements, row), PackedHistogram.unpack(row.getBytes(7)));
  }

  private SeriesRow row(Statements statements, ResultSet row) throws SQLException {
    double epoch = row.getDouble(3);
    boolean noEpoch = row.wasNull();
    return new SeriesRow(
        Ids.place(row.getLong(1)),
        row.getLong(2),
        noEpoch ? Double.NaN : epoch,
        row.getLong(4),
        values(row.getBytes(6), places(statements, row.getLong(5))));
  }

  private double[] values(byte[] numbers, int[] at) {
    double[] values = new double[keys.size()];
    for (int k = 0; k < values.length; k++) {
      values[k] = at[k] < 0 ? Double.NaN : (double) DOUBLES.get(numbers, at[k] * Double.BYTES);
    }
    return values;
  }

  private int[] places(Statements statements, long layout) throws SQLException {
    int[] at = places.get(layout);
    if (at == null) {
      List<String> stored = Layouts.keys(statements, layout);
      at = keys.stream().mapToInt(stored::indexOf).toArray();
      places.put(layout, at);
    }
    return at;
  }
}
