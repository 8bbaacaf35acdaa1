package io.collapsewatch.analyzer.saved;

import io.collapsewatch.protocol.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Arrays as {@code .npy} members of a zip file, stored or deflated. What a member claims to hold is
 * checked against its own header and against what its bytes in the file can unpack to, before
 * memory for it is taken.
 */
final class Npz {

  /** Deflate shrinks data by no more than this: 258 bytes for 2 bits. */
  private static final long MOST_DEFLATED = 1032;

  private Npz() {}

  /** The arrays of a pass that the file has, by name. */
  static Map<String, Tensor> read(Path path) throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    try (ZipFile zip = open(path)) {
      for (String array : PassArrays.NAMES) {
        ZipEntry member = zip.getEntry(array + ".npy");
        if (member != null) {
          arrays.put(array, read(zip, member));
        }
      }
    }
    return arrays;
  }

  private static ZipFile open(Path path) throws IOException {
    try {
      return new ZipFile(path.toFile());
    } catch (ZipException e) {
      throw new UnreadablePassException(
          "it does not open as a zip file; expected an .npz as numpy.savez writes it", e);
    }
  }

  private static Tensor read(ZipFile zip, ZipEntry member) throws IOException {
    String name = member.getName();
    CRC32 sum = new CRC32();
    try (InputStream in = new CheckedInputStream(zip.getInputStream(member), sum)) {
      NpyHeader header = NpyHeader.read(name, in);
      header.requireDataBytes(Math.max(0, member.getSize() - header.length()));
      requirePlausible(member);
      byte[] data = new byte[header.dataBytes()];
      int read = in.readNBytes(data, 0, data.length);
      if (read < data.length || in.read() >= 0 || sum.getValue() != member.getCrc()) {
        throw new ZipException("another length or checksum");
      }
      return header.tensor(ByteBuffer.wrap(data));
    } catch (ZipException | EOFException e) {
      throw new UnreadablePassException(
          "%s does not unpack to the length and checksum that the zip file gives; expected an .npz as numpy.savez writes it"
              .formatted(name),
          e);
    }
  }

  private static void requirePlausible(ZipEntry member) {
    long packed = member.getCompressedSize();
    if (member.getSize() > MOST_DEFLATED * Math.max(1, packed)) {
      throw new UnreadablePassException(
          "%s claims %d bytes unpacked from %d; expected at most %d times as many"
              .formatted(member.getName(), member.getSize(), packed, MOST_DEFLATED));
    }
  }
}
