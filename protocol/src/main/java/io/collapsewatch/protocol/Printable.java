package io.collapsewatch.protocol;

/** Text that came from outside, made fit for an error sentence, a log line or a terminal. */
public final class Printable {

  private static final int LONGEST = 80;

  private Printable() {}

  /**
   * {@code text} in double quotes, cut after 80 characters, with quotes, backslashes, control
   * characters, line and paragraph separators and marks that change the writing direction escaped
   * as {@code \\uXXXX}.
   */
  public static String quote(String text) {
    return quote(text, LONGEST);
  }

  /** The same, cut after {@code longest} characters. */
  public static String quote(String text, int longest) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints().limit(longest).forEach(c -> append(out, c));
    if (text.codePointCount(0, text.length()) > longest) {
      out.append('…');
    }
    return out.append('"').toString();
  }

  private static void append(StringBuilder out, int c) {
    if (c == '"' || c == '\\') {
      out.append('\\').appendCodePoint(c);
    } else if (inert(c)) {
      out.appendCodePoint(c);
    } else {
      for (char unit : Character.toChars(c)) {
        out.append("\\u%04x".formatted((int) unit));
      }
    }
  }

  private static boolean inert(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
