package io.collapsewatch.protocol.saved;

import io.collapsewatch.protocol.Printable;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the dictionary of a {@code .npy} header character by character. It takes what NumPy writes
 * and nothing else of Python: nothing is evaluated.
 */
final class NpyHeaderText {

  private static final int MAX_AXES = 2;

  private final String name;
  private final String text;
  private int at;
  private NpyType type;
  private Boolean fortranOrder;
  private Shape shape;

  NpyHeaderText(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /**
   * @param length bytes before the data
   * @throws UnreadablePassException if the text is no such dictionary, without the path
   */
  NpyHeader header(int length) {
    expect('{');
    while (!accept('}')) {
      entry(quoted());
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (type == null || fortranOrder == null || shape == null) {
      throw malformed();
    }
    skipSpace();
    if (at < text.length()) {
      throw malformed();
    }
    requireSize();
    return new NpyHeader(name, type, fortranOrder, shape, length);
  }

  private void entry(String key) {
    expect(':');
    if (key.equals("descr") && type == null) {
      type = descr();
    } else if (key.equals("fortran_order") && fortranOrder == null) {
      fortranOrder = bool();
    } else if (key.equals("shape") && shape == null) {
      shape = tuple();
    } else {
      throw malformed();
    }
  }

  private NpyType descr() {
    if (accept('[')) {
      throw NpyType.structured(name);
    }
    return NpyType.of(name, quoted());
  }

  private boolean bool() {
    skipSpace();
    boolean value = text.startsWith("True", at);
    if (!value && !text.startsWith("False", at)) {
      throw malformed();
    }
    at += value ? 4 : 5;
    return value;
  }

  private Shape tuple() {
    List<Integer> lengths = new ArrayList<>();
    expect('(');
    while (!accept(')')) {
      lengths.add(number());
      // (3) without a comma is a number in Python, not a tuple.
      if (!accept(',')) {
        expect(')');
        if (lengths.size() == 1) {
          throw malformed();
        }
        break;
      }
    }
    return new Shape(lengths);
  }

  private int number() {
    skipSpace();
    int from = at;
    long value = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      value = 10 * value + (text.charAt(at++) - '0');
      if (value > Integer.MAX_VALUE) {
        throw new UnreadablePassException(
            "an axis of %s is longer than %d; expected arrays below 2 GiB"
                .formatted(name, Integer.MAX_VALUE));
      }
    }
    if (at == from) {
      throw malformed();
    }
    return (int) value;
  }

  private String quoted() {
    skipSpace();
    char quote = at < text.length() ? text.charAt(at) : ' ';
    int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
    if (end < 0) {
      throw malformed();
    }
    String value = text.substring(at + 1, end);
    at = end + 1;
    return value;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw malformed();
    }
  }

  private boolean accept(char c) {
    skipSpace();
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private void skipSpace() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
      at++;
    }
  }

  private void requireSize() {
    if (shape.axes() > MAX_AXES) {
      throw new UnreadablePassException(
          "%s has the shape %s; expected at most %d axes".formatted(name, shape, MAX_AXES));
    }
    if (shape.size() > Integer.MAX_VALUE / type.dtype().bytes()) {
      throw new UnreadablePassException(
          "%s has the shape %s with %d bytes an element; expected arrays below 2 GiB"
              .formatted(name, shape, type.dtype().bytes()));
    }
  }

  private UnreadablePassException malformed() {
    return new UnreadablePassException(
        "the header of %s is %s, which breaks off at character %d; expected {'descr': …, 'fortran_order': …, 'shape': …} as NumPy writes it"
            .formatted(name, Printable.quote(text.strip()), at));
  }
}
