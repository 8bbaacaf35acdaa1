package io.collapsewatch.agent.folder;

import io.collapsewatch.protocol.Capture;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.ClassifierSnapshot;
import io.collapsewatch.protocol.FeatureBatch;
import io.collapsewatch.protocol.Printable;
import io.collapsewatch.protocol.saved.LabelledPass;
import io.collapsewatch.protocol.saved.SavedPass;
import io.collapsewatch.protocol.saved.UnreadablePassException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A saved pass as a pass with frozen weights: its classifier, then its samples in batches, the last
 * of which ends the pass.
 */
final class PassCaptures {

  /** Of the features of one batch; what waits for Kafka is bounded by bytes, too. */
  private static final int BATCH_BYTES = 8 << 20;

  private static final int MOST_ID = 64;
  private static final Pattern NUMBERS = Pattern.compile("[0-9]+");

  private final String name;
  private final String id;
  private final String run;

  /**
   * @param name of the file, without its ending
   * @param before how many passes of the file there are already
   * @param run of a pass that does not say of which run it is
   */
  PassCaptures(String name, int before, String run) {
    this.name = name;
    this.id = id(before == 0 ? name : "again%d-%s".formatted(before, name));
    this.run = run;
  }

  /** A text as an id: what an id may not have becomes a dash. */
  static String id(String text) {
    String id = text.replaceAll("[^A-Za-z0-9._-]", "-");
    return id.isEmpty() ? "folder" : id.substring(0, Math.min(id.length(), MOST_ID));
  }

  /**
   * The messages of the pass.
   *
   * @throws UnreadablePassException if nothing says its step, or what does is no number
   * @throws io.collapsewatch.protocol.CaptureException if it is no pass that can be sent
   */
  List<Capture> of(LabelledPass labelled) {
    SavedPass pass = labelled.pass();
    CaptureHeader header = header(labelled.about());
    List<Capture> captures = new ArrayList<>();
    captures.add(ClassifierSnapshot.of(header, pass.weights(), pass.bias()));
    FeatureBatch whole = FeatureBatch.of(header, pass.features(), pass.labels());
    int rowBytes = Math.max(1, pass.features().bytes().remaining() / whole.rows());
    int rows = Math.max(1, BATCH_BYTES / rowBytes);
    for (int from = 0; from < whole.rows(); from += rows) {
      int to = Math.min(from + rows, whole.rows());
      captures.add(whole.slice(header.withSnapshot(id, to == whole.rows()), from, to));
    }
    return captures;
  }

  private CaptureHeader header(Map<String, String> about) {
    CaptureHeader header =
        CaptureHeader.of(about.getOrDefault("run", run), step(about))
            .withSource(
                about.getOrDefault("split", CaptureHeader.TRAIN),
                about.getOrDefault("layer", CaptureHeader.PENULTIMATE))
            .withSnapshot(id, false);
    OptionalDouble epoch = epoch(about);
    return epoch.isPresent() ? header.withEpoch(epoch.getAsDouble()) : header;
  }

  private long step(Map<String, String> about) {
    String text =
        Optional.ofNullable(about.get("step"))
            .or(this::lastNumber)
            .orElseThrow(
                () ->
                    new UnreadablePassException(
                        "nothing says its step; expected metadata or an array \"step\", or a number in the name of the file"));
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new UnreadablePassException(
          "step is %s; expected a whole number ≥ 0".formatted(Printable.quote(text)), e);
    }
  }

  private Optional<String> lastNumber() {
    Matcher numbers = NUMBERS.matcher(name);
    Optional<String> last = Optional.empty();
    while (numbers.find()) {
      last = Optional.of(numbers.group());
    }
    return last;
  }

  private static OptionalDouble epoch(Map<String, String> about) {
    String text = about.get("epoch");
    if (text == null) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new UnreadablePassException(
          "epoch is %s; expected a number ≥ 0".formatted(Printable.quote(text)), e);
    }
  }
}
