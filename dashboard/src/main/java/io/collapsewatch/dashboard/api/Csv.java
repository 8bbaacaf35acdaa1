package io.collapsewatch.dashboard.api;

import io.collapsewatch.dashboard.series.SeriesRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.regex.Pattern;

/** Rows as CSV (RFC 4180). */
final class Csv {

  /** What a spreadsheet would take for the beginning of a formula. */
  private static final Pattern FORMULA = Pattern.compile("[=+\\-@\\t\\r].*", Pattern.DOTALL);

  private static final Pattern NEEDS_QUOTES = Pattern.compile("[\",\\r\\n]");

  private final Writer out;

  Csv(Writer out) {
    this.out = out;
  }

  void writeHeader(List<String> keys) throws IOException {
    out.write("step,epoch,timestamp_ms");
    for (String key : keys) {
      out.write("," + cell(key));
    }
    out.write("\r\n");
  }

  /** Any text as a cell that stays text in a spreadsheet. */
  static String cell(String text) {
    String inert = FORMULA.matcher(text).matches() ? "'" + text : text;
    return NEEDS_QUOTES.matcher(inert).find() ? "\"" + inert.replace("\"", "\"\"") + "\"" : inert;
  }

  void write(SeriesRow row) {
    try {
      out.write(Long.toString(row.step()));
      write(row.epoch());
      out.write("," + row.timestampMs());
      for (double value : row.values()) {
        write(value);
      }
      out.write("\r\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An undefined number is an empty cell. */
  private void write(double number) throws IOException {
    out.write(Double.isFinite(number) ? "," + number : ",");
  }
}
