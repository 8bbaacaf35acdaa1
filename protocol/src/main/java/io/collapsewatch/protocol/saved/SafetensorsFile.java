package io.collapsewatch.protocol.saved;

import io.collapsewatch.protocol.CaptureException;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.codec.Safetensors;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;

/** Arrays as tensors of a {@code .safetensors} file, mapped, not copied. */
final class SafetensorsFile {

  private SafetensorsFile() {}

  /** All tensors of the file, by name. */
  static Map<String, Tensor> read(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new UnreadablePassException(
            "it has %d bytes; expected less than 2 GiB".formatted(channel.size()));
      }
      return Safetensors.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()))
          .tensors();
    } catch (CaptureException e) {
      throw new UnreadablePassException(e.getMessage(), e);
    }
  }
}
