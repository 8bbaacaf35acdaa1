package io.collapsewatch.protocol.saved;

import io.collapsewatch.protocol.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Arrays as {@code .npy} files in a folder. Their data is mapped, not copied. */
final class Folder {

  private Folder() {}

  /** The arrays of a pass that the folder has, by name. */
  static Map<String, Tensor> read(Path folder) throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    for (String array : PassArrays.NAMES) {
      Path file = folder.resolve(array + ".npy");
      if (Files.exists(file)) {
        arrays.put(array, map(file, array + ".npy"));
      }
    }
    return arrays;
  }

  private static Tensor map(Path file, String name) throws IOException {
    try (FileChannel channel = FileChannel.open(file);
        InputStream in = Channels.newInputStream(channel)) {
      NpyHeader header = NpyHeader.read(name, in);
      header.requireDataBytes(channel.size() - header.length());
      return header.tensor(
          channel.map(FileChannel.MapMode.READ_ONLY, header.length(), header.dataBytes()));
    }
  }
}
