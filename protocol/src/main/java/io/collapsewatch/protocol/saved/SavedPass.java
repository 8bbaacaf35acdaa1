package io.collapsewatch.protocol.saved;

import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One pass with frozen weights, saved to disk. Arrays keep the type that they were saved in.
 *
 * @param features [N,d], finite
 * @param labels [N], integers in 0..K−1
 * @param weights [K,d], finite; row k is w_k
 * @param bias [K], finite, where the layer has one
 */
public record SavedPass(Tensor features, Tensor labels, Tensor weights, Optional<Tensor> bias) {

  /**
   * Reads a folder with {@code features.npy}, {@code labels.npy}, {@code weights.npy} and perhaps
   * {@code bias.npy}, an {@code .npz} with members of these names, or a {@code .safetensors} file
   * with tensors {@code features}, {@code labels}, {@code weights}, {@code bias}. Arrays of 2 GiB
   * and more are refused. Files other than an {@code .npz} are mapped: they must not shrink while
   * the pass is in use.
   *
   * @throws UnreadablePassException with one sentence for people
   */
  public static SavedPass read(Path path) {
    String name = name(path);
    try {
      return arrays(path).toPass();
    } catch (UnreadablePassException e) {
      throw new UnreadablePassException(Printable.quote(name) + ": " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      // One array of up to 2 GiB did not fit; what was read before it is free again by now.
      throw new UnreadablePassException(
          "%s: its arrays take more memory than this process has left; give it more with -Xmx"
              .formatted(Printable.quote(name)),
          e);
    } catch (NoSuchFileException e) {
      throw new UnreadablePassException(
          "%s: there is no such file or folder".formatted(Printable.quote(path.toString())), e);
    } catch (IOException e) {
      throw new UnreadablePassException(
          "%s: it cannot be read (%s)"
              .formatted(Printable.quote(name), Printable.quote(String.valueOf(e.getMessage()))),
          e);
    }
  }

  private static PassArrays arrays(Path path) throws IOException {
    String name = name(path);
    if (Files.isDirectory(path)) {
      return new PassArrays(Folder.read(path), ".npy");
    }
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    if (name.endsWith(".npz")) {
      return new PassArrays(Npz.read(path, Long.MAX_VALUE).arrays(), ".npy");
    }
    if (name.endsWith(".safetensors")) {
      return new PassArrays(SafetensorsFile.read(path), "");
    }
    throw new UnreadablePassException(
        "it is neither a folder of .npy files nor a file that ends in .npz or .safetensors");
  }

  private static String name(Path path) {
    Path name = path.toAbsolutePath().normalize().getFileName();
    return name == null ? path.toString() : name.toString();
  }
}
