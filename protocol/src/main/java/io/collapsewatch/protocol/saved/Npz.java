package io.collapsewatch.protocol.saved;

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

  /**
   * What the file has of a pass.
   *
   * @param arrays by name
   * @param about single values by name, as text
   */
  record Contents(Map<String, Tensor> arrays, Map<String, String> about) {}

  /**
   * Reads the arrays of a pass, and what the file says about it.
   *
   * @param most bytes that the arrays may take together
   */
  static Contents read(Path path, long most) throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    Map<String, String> about = new LinkedHashMap<>();
    long left = most;
    try (ZipFile zip = open(path)) {
      for (String array : PassArrays.NAMES) {
        ZipEntry member = zip.getEntry(array + ".npy");
        if (member != null) {
          Tensor tensor = read(zip, member, left);
          left -= tensor.bytes().remaining();
          arrays.put(array, tensor);
        }
      }
      for (String name : LabelledPass.NAMES) {
        ZipEntry member = zip.getEntry(name + ".npy");
        if (member != null) {
          about.put(name, value(zip, member));
        }
      }
    }
    return new Contents(arrays, about);
  }

  private static String value(ZipFile zip, ZipEntry member) throws IOException {
    try (InputStream in = zip.getInputStream(member)) {
      return NpyHeader.readValue(member.getName(), in);
    } catch (ZipException | EOFException e) {
      throw damaged(member.getName(), e);
    }
  }

  private static ZipFile open(Path path) throws IOException {
    try {
      return new ZipFile(path.toFile());
    } catch (ZipException e) {
      throw new UnreadablePassException(
          "it does not open as a zip file; expected an .npz as numpy.savez writes it", e);
    }
  }

  private static Tensor read(ZipFile zip, ZipEntry member, long most) throws IOException {
    String name = member.getName();
    CRC32 sum = new CRC32();
    try (InputStream in = new CheckedInputStream(zip.getInputStream(member), sum)) {
      NpyHeader header = NpyHeader.read(name, in);
      header.requireDataBytes(Math.max(0, member.getSize() - header.length()));
      requirePlausible(member);
      requireRoom(header, most);
      byte[] data = new byte[header.dataBytes()];
      int read = in.readNBytes(data, 0, data.length);
      if (read < data.length || in.read() >= 0 || sum.getValue() != member.getCrc()) {
        throw new ZipException("another length or checksum");
      }
      return header.tensor(ByteBuffer.wrap(data));
    } catch (ZipException | EOFException e) {
      throw damaged(name, e);
    }
  }

  private static UnreadablePassException damaged(String name, IOException e) {
    return new UnreadablePassException(
        "%s does not unpack to the length and checksum that the zip file gives; expected an .npz as numpy.savez writes it"
            .formatted(name),
        e);
  }

  private static void requireRoom(NpyHeader header, long most) {
    if (header.dataBytes() > most) {
      throw new UnreadablePassException(
          "%s takes %d bytes; expected at most the %d that are left for the arrays of a pass"
              .formatted(header.name(), header.dataBytes(), most));
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
