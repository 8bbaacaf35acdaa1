package io.collapsewatch.protocol.saved;

import io.collapsewatch.protocol.DType;
import io.collapsewatch.protocol.Printable;

/**
 * An element type as {@code descr} names it: byte order, kind, bytes.
 *
 * @param descr as it was read
 */
record NpyType(String descr, DType dtype, boolean bigEndian) {

  private static final String EXPECTED =
      "expected plain numbers: f2, f4, f8, i1 to i8, u1 to u8 or b1";

  /**
   * @throws UnreadablePassException if it is no type of plain numbers, without the path
   */
  static NpyType of(String name, String descr) {
    boolean ordered = descr.startsWith("<") || descr.startsWith(">");
    DType dtype = ordered || descr.startsWith("|") ? dtype(descr.substring(1)) : null;
    if (dtype == null || (!ordered && dtype.bytes() > 1)) {
      throw new UnreadablePassException(
          "%s holds %s of the type %s; %s"
              .formatted(name, kind(descr), Printable.quote(descr), EXPECTED));
    }
    return new NpyType(descr, dtype, descr.startsWith(">"));
  }

  static UnreadablePassException structured(String name) {
    return new UnreadablePassException("%s holds records of fields; %s".formatted(name, EXPECTED));
  }

  private static DType dtype(String code) {
    return switch (code) {
      case "f8" -> DType.F64;
      case "f4" -> DType.F32;
      case "f2" -> DType.F16;
      case "i8" -> DType.I64;
      case "i4" -> DType.I32;
      case "i2" -> DType.I16;
      case "i1" -> DType.I8;
      case "u8" -> DType.U64;
      case "u4" -> DType.U32;
      case "u2" -> DType.U16;
      case "u1", "b1" -> DType.U8;
      default -> null;
    };
  }

  private static String kind(String descr) {
    return switch (descr.length() > 1 ? descr.charAt(1) : ' ') {
      case 'O' -> "Python objects";
      case 'U', 'S', 'a' -> "texts";
      case 'c' -> "complex numbers";
      case 'M', 'm' -> "times";
      case 'V' -> "raw bytes";
      default -> "elements";
    };
  }
}
