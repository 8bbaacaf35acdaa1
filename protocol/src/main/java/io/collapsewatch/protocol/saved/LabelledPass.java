package io.collapsewatch.protocol.saved;

import io.collapsewatch.protocol.codec.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A saved pass and what its file says about it.
 *
 * @param about texts as they were found, by {@code run}, {@code step}, {@code epoch}, {@code split}
 *     and {@code layer}; what is not there is absent
 */
public record LabelledPass(SavedPass pass, Map<String, String> about) {

  static final List<String> NAMES = List.of("run", "step", "epoch", "split", "layer");

  /**
   * The tensors and metadata of a container.
   *
   * @throws UnreadablePassException if they are no pass, in one sentence
   */
  public static LabelledPass of(Safetensors blob) {
    Map<String, String> about = new TreeMap<>(blob.metadata());
    about.keySet().retainAll(NAMES);
    return new LabelledPass(new PassArrays(blob.tensors(), "").toPass(), about);
  }

  /**
   * The arrays of an {@code .npz}; those about the pass have a single element.
   *
   * @param most bytes that the arrays may take in memory
   * @throws UnreadablePassException if they are no pass or take more, in one sentence
   */
  public static LabelledPass ofNpz(Path path, long most) throws IOException {
    Npz.Contents contents = Npz.read(path, most);
    return new LabelledPass(new PassArrays(contents.arrays(), ".npy").toPass(), contents.about());
  }
}
