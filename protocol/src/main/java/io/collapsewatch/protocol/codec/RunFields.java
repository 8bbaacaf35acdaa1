package io.collapsewatch.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.collapsewatch.protocol.Limits;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.RunSettings;
import io.collapsewatch.protocol.RunSettings.Loss;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** {@link RunSettings} as metadata. */
final class RunFields {

  private static final String TAG = "tag.";
  private static final String COUNTS = "class_counts";
  private static final String PER_CLASS = "samples_per_class";

  private RunFields() {}

  static void write(RunSettings settings, FieldWriter out) {
    out.put("classes", settings.classes());
    out.put("dim", settings.dim());
    out.put("loss", settings.loss().map(RunFields::name));
    out.put("loss_scale", settings.lossScale());
    out.put("optimizer", settings.optimizer());
    out.put("bias", settings.bias());
    out.put("weight_decay", settings.weightDecay());
    out.putUnless("[]", COUNTS, text(settings.classCounts()));
    out.put("batch_norm", settings.batchNorm());
    out.put("report_every_steps", settings.reportEverySteps());
    out.put("expected_interval_s", settings.expectedIntervalSeconds());
    new TreeMap<>(settings.tags()).forEach((name, value) -> out.put(TAG + name, value));
  }

  static RunSettings read(FieldReader in) {
    OptionalInt classes = in.integer("classes");
    return new RunSettings(
        classes,
        in.integer("dim"),
        loss(in),
        in.number("loss_scale"),
        in.text("optimizer"),
        in.flag("bias"),
        in.number("weight_decay"),
        classCounts(in, classes),
        in.flag("batch_norm"),
        in.whole("report_every_steps"),
        in.number("expected_interval_s"),
        in.startingWith(TAG));
  }

  private static Optional<Loss> loss(FieldReader in) {
    Optional<String> text = in.text("loss");
    for (Loss loss : Loss.values()) {
      if (text.isPresent() && text.get().equals(name(loss))) {
        return Optional.of(loss);
      }
    }
    if (text.isPresent()) {
      throw in.refused("loss", "cross_entropy or mse");
    }
    return Optional.empty();
  }

  private static String name(Loss loss) {
    return loss.name().toLowerCase(Locale.ROOT);
  }

  private static List<Long> classCounts(FieldReader in, OptionalInt classes) {
    OptionalLong perClass = in.whole(PER_CLASS);
    Optional<String> counts = in.text(COUNTS);
    if (perClass.isPresent() && counts.isPresent()) {
      throw new MalformedCaptureException(
          "a run message has both samples_per_class and class_counts; expected one of them");
    }
    return perClass.isPresent()
        ? equalCounts(in, perClass.getAsLong(), classes)
        : counts.map(text -> parse(in, text)).orElse(List.of());
  }

  private static List<Long> equalCounts(FieldReader in, long perClass, OptionalInt classes) {
    if (classes.isEmpty()) {
      throw in.refused(PER_CLASS, "classes beside it, or class_counts in its place");
    }
    // Checked here because so many entries are made of it; the settings check the rest.
    if (classes.getAsInt() < 0 || classes.getAsInt() > Limits.CLASSES) {
      throw in.refused("classes", "2.." + Limits.CLASSES);
    }
    return Collections.nCopies(classes.getAsInt(), perClass);
  }

  private static String text(List<Long> counts) {
    ArrayNode array = StrictJson.array();
    counts.forEach(array::add);
    return StrictJson.write(array);
  }

  private static List<Long> parse(FieldReader in, String text) {
    JsonNode array = StrictJson.read(COUNTS, text);
    List<Long> counts = new ArrayList<>();
    for (JsonNode count : array) {
      if (!(count.isIntegralNumber() && count.canConvertToLong())) {
        throw in.refused(COUNTS, "a JSON array of whole numbers");
      }
      counts.add(count.longValue());
    }
    if (!array.isArray()) {
      throw in.refused(COUNTS, "a JSON array of whole numbers");
    }
    return counts;
  }
}
