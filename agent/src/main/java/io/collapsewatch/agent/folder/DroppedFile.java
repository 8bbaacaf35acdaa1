package io.collapsewatch.agent.folder;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.codec.CaptureCodec;
import io.collapsewatch.protocol.codec.Safetensors;
import io.collapsewatch.protocol.saved.LabelledPass;
import io.collapsewatch.protocol.saved.UnreadablePassException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file as captures: a capture as it is, which says so by its {@code kind}, or a saved pass. It is
 * read into memory rather than mapped, because its writer may cut it short at any time.
 */
final class DroppedFile {

  /** As much as a capture of the largest size, and enough for 100 000 samples of width 512. */
  static final int MOST_BYTES = 4 * Limits.CAPTURE_BYTES;

  private final Path path;
  private final String run;

  /**
   * @param run of a pass that does not say of which run it is
   */
  DroppedFile(Path path, String run) {
    this.path = path;
    this.run = run;
  }

  static boolean named(String name) {
    return name.endsWith(".safetensors") || name.endsWith(".npz");
  }

  /**
   * What the file holds.
   *
   * @param before how often it was begun and not ended, by an agent that was killed; a pass then
   *     has another id, as some of its samples are in the pass of before
   * @throws io.collapsewatch.protocol.CaptureException if it is neither, in one sentence
   * @throws UnreadablePassException likewise
   * @throws IOException if it cannot be read
   */
  List<Capture> captures(int before) throws IOException {
    requireSize();
    String name = path.getFileName().toString();
    if (name.endsWith(".npz")) {
      return pass(name, before, LabelledPass.ofNpz(path, MOST_BYTES));
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    Safetensors blob = Safetensors.read(bytes);
    return blob.metadata().containsKey("kind")
        ? List.of(CaptureCodec.decode(bytes))
        : pass(name, before, LabelledPass.of(blob));
  }

  private List<Capture> pass(String name, int before, LabelledPass pass) {
    return new PassCaptures(name.substring(0, name.lastIndexOf('.')), before, run).of(pass);
  }

  private void requireSize() throws IOException {
    long bytes = Files.size(path);
    if (bytes > MOST_BYTES) {
      throw new UnreadablePassException(
          "it has %d bytes; expected at most %d".formatted(bytes, MOST_BYTES));
    }
  }
}
