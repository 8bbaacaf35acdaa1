package io.collapsewatch.protocol.saved;

import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The beginning of a {@code .npy} file: 6 bytes of magic, a version, the length of the text that
 * follows, and that text, the literal of a Python dictionary with the keys {@code descr}, {@code
 * fortran_order} and {@code shape}. Versions 1.0 to 3.0. Source: NumPy enhancement proposal 1 and
 * {@code numpy.lib.format}.
 *
 * @param name of the array, for error sentences
 * @param length bytes before the data
 */
record NpyHeader(String name, NpyType type, boolean fortranOrder, Shape shape, int length) {

  /** What NumPy writes for any plain array takes about 100 characters. */
  private static final int MAX_TEXT = 1 << 16;

  private static final int MAX_CHARACTERS = 256;
  private static final Pattern TEXT = Pattern.compile("'descr': '([<>])U([0-9]+)'");
  private static final Pattern SCALAR = Pattern.compile("'shape': \\(\\)");

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /**
   * Reads a header and not a byte more.
   *
   * @throws UnreadablePassException if it is none, without the path
   */
  static NpyHeader read(String name, InputStream in) throws IOException {
    Start start = start(name, in);
    return new NpyHeaderText(name, start.text()).header(start.length());
  }

  /** The text of a header, and the bytes before the data. */
  private record Start(String text, int length) {}

  private static Start start(String name, InputStream in) throws IOException {
    byte[] start = exactly(name, in, MAGIC.length + 2);
    int version = start[MAGIC.length];
    boolean known = version >= 1 && version <= 3 && start[MAGIC.length + 1] == 0;
    if (!known || !Arrays.equals(MAGIC, Arrays.copyOf(start, MAGIC.length))) {
      throw new UnreadablePassException(
          "%s begins with the bytes %s; expected those of a .npy file of version 1.0, 2.0 or 3.0"
              .formatted(name, HexFormat.ofDelimiter(" ").formatHex(start)));
    }
    byte[] length = exactly(name, in, version == 1 ? 2 : 4);
    String text = text(name, in, unsigned(length), version);
    int before = start.length + length.length + (int) unsigned(length);
    return new Start(text, before);
  }

  /**
   * Reads an array that holds a single number or text, as {@code numpy.savez(file, step=7,
   * run="r")} writes it.
   *
   * @throws UnreadablePassException if it holds anything else, without the path
   */
  static String readValue(String name, InputStream in) throws IOException {
    Start start = start(name, in);
    Matcher texts = TEXT.matcher(start.text());
    if (texts.find() && SCALAR.matcher(start.text()).find()) {
      return text(name, in, texts.group(1).equals(">"), texts.group(2));
    }
    NpyHeader header = new NpyHeaderText(name, start.text()).header(start.length());
    if (header.shape().size() != 1) {
      throw new UnreadablePassException(
          "%s has the shape %s; expected a single number or text".formatted(name, header.shape()));
    }
    Tensor value = header.tensor(ByteBuffer.wrap(exactly(name, in, header.dataBytes())));
    return value.dtype().floating()
        ? BigDecimal.valueOf(requireFinite(name, value.doubleAt(0))).toPlainString()
        : Long.toString(value.longAt(0));
  }

  private static double requireFinite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new UnreadablePassException(
          "%s is %s; expected a finite number".formatted(name, value));
    }
    return value;
  }

  private static String text(String name, InputStream in, boolean bigEndian, String length)
      throws IOException {
    int characters = length.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(length);
    if (characters > MAX_CHARACTERS) {
      throw new UnreadablePassException(
          "%s is a text of %s characters; expected at most %d"
              .formatted(name, length, MAX_CHARACTERS));
    }
    Charset charset = Charset.forName(bigEndian ? "UTF-32BE" : "UTF-32LE");
    return new String(exactly(name, in, 4 * characters), charset).replace("\0", "");
  }

  private static long unsigned(byte[] littleEndian) {
    long value = 0;
    for (int i = 0; i < littleEndian.length; i++) {
      value |= Byte.toUnsignedLong(littleEndian[i]) << (8 * i);
    }
    return value;
  }

  private static String text(String name, InputStream in, long characters, int version)
      throws IOException {
    if (characters > MAX_TEXT) {
      throw new UnreadablePassException(
          "the header of %s claims %d bytes; expected at most %d"
              .formatted(name, characters, MAX_TEXT));
    }
    Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    return new String(exactly(name, in, (int) characters), charset);
  }

  private static byte[] exactly(String name, InputStream in, int bytes) throws IOException {
    byte[] read = in.readNBytes(bytes);
    if (read.length < bytes) {
      throw new UnreadablePassException(
          "%s ends within its header; expected %d more bytes".formatted(name, bytes - read.length));
    }
    return read;
  }

  /** Bytes that the data takes, as type and shape say. */
  int dataBytes() {
    return (int) (shape.size() * type.dtype().bytes());
  }

  /**
   * Holds what the header says against the bytes that follow it.
   *
   * @throws UnreadablePassException if there are fewer or more, without the path
   */
  void requireDataBytes(long actual) {
    if (actual != dataBytes()) {
      throw new UnreadablePassException(
          "%s holds %d bytes of data; expected %d for the type %s and the shape %s of its header"
              .formatted(name, actual, dataBytes(), Printable.quote(type.descr()), shape));
    }
  }

  /**
   * The array.
   *
   * @param data as many bytes as {@link #dataBytes} says; shared where they are in the order of a
   *     tensor already, else copied
   */
  Tensor tensor(ByteBuffer data) {
    ByteBuffer little = type.bigEndian() ? reversed(data) : data;
    boolean transposed = fortranOrder && shape.axes() == 2;
    return new Tensor(type.dtype(), shape.toArray(), transposed ? rowMajor(little) : little);
  }

  private ByteBuffer reversed(ByteBuffer data) {
    int bytes = type.dtype().bytes();
    ByteBuffer reversed = ByteBuffer.allocate(data.remaining());
    for (int first = 0; first < data.remaining(); first += bytes) {
      for (int i = 0; i < bytes; i++) {
        reversed.put(first + i, data.get(data.position() + first + bytes - 1 - i));
      }
    }
    return reversed;
  }

  private ByteBuffer rowMajor(ByteBuffer columnMajor) {
    int bytes = type.dtype().bytes();
    int rows = shape.length(0);
    int columns = shape.length(1);
    ByteBuffer rowMajor = ByteBuffer.allocate(columnMajor.remaining());
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        int from = columnMajor.position() + (j * rows + i) * bytes;
        rowMajor.put((i * columns + j) * bytes, columnMajor, from, bytes);
      }
    }
    return rowMajor;
  }
}
