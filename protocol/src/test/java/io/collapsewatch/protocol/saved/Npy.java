package io.collapsewatch.protocol.saved;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes {@code .npy} bytes as {@code numpy.lib.format} describes them, or with any header at all.
 */
final class Npy {

  private Npy() {}

  static byte[] floats(String shape, float... values) {
    ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return of("<f4", false, shape, data.array());
  }

  static byte[] longs(String shape, long... values) {
    ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asLongBuffer().put(values);
    return of("<i8", false, shape, data.array());
  }

  static byte[] of(String descr, boolean fortranOrder, String shape, byte... data) {
    return withHeader(1, dictionary("'" + descr + "'", fortranOrder, shape), data);
  }

  static String dictionary(String descr, boolean fortranOrder, String shape) {
    return "{'descr': %s, 'fortran_order': %s, 'shape': %s, }"
        .formatted(descr, fortranOrder ? "True" : "False", shape);
  }

  /** The text is padded with spaces to 117 characters and ended by a newline, as NumPy does. */
  static byte[] withHeader(int version, String text, byte... data) {
    byte[] header =
        (text + " ".repeat(117 - text.length()) + "\n").getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    out.writeBytes(new byte[] {(byte) header.length, 0});
    if (version > 1) {
      out.writeBytes(new byte[2]);
    }
    out.writeBytes(header);
    out.writeBytes(data);
    return out.toByteArray();
  }
}
