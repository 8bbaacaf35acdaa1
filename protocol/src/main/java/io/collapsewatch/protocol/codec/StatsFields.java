package io.collapsewatch.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.Tensor;
import io.collapsewatch.protocol.TrainingStats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link TrainingStats} as metadata and tensors. */
final class StatsFields {

  private static final String NORMS = "layer_norms";
  private static final String NAMES = "layer_names";

  private StatsFields() {}

  static void write(TrainingStats stats, FieldWriter out, Map<String, Tensor> tensors) {
    out.put("loss", stats.loss());
    out.put("accuracy", stats.accuracy());
    out.put("learning_rate", stats.learningRate());
    out.put("weight_decay", stats.weightDecay());
    List<String> names = List.copyOf(stats.layerNorms().keySet());
    if (!names.isEmpty()) {
      out.putUnless(text(numbered(names.size())), NAMES, text(names));
      double[] norms =
          stats.layerNorms().values().stream().mapToDouble(Double::doubleValue).toArray();
      tensors.put(NORMS, Tensor.ofDoubles(norms, norms.length));
    }
    stats.margins().ifPresent(margins -> MarginFields.write(margins, out, tensors));
  }

  static TrainingStats read(CaptureHeader header, FieldReader in, Map<String, Tensor> tensors) {
    return new TrainingStats(
        header,
        in.number("loss"),
        in.number("accuracy"),
        in.number("learning_rate"),
        in.number("weight_decay"),
        layerNorms(in, Optional.ofNullable(tensors.get(NORMS))),
        MarginFields.read(in, tensors));
  }

  private static Map<String, Double> layerNorms(FieldReader in, Optional<Tensor> norms) {
    double[] values = norms.map(StatsFields::vector).orElse(new double[0]);
    List<String> names =
        in.text(NAMES).map(text -> names(in, text)).orElse(numbered(values.length));
    if (names.size() != values.length) {
      throw new MalformedCaptureException(
          "layer_names has %d names and layer_norms %d norms; expected as many"
              .formatted(names.size(), values.length));
    }
    Map<String, Double> byName = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      if (byName.put(names.get(i), values[i]) != null) {
        throw in.refused(NAMES, "every name once");
      }
    }
    return byName;
  }

  private static double[] vector(Tensor norms) {
    if (norms.axes() != 1 || !norms.dtype().floating()) {
      throw new MalformedCaptureException(
          "layer_norms is %s; expected a vector of F64, F32, F16 or BF16".formatted(norms));
    }
    return norms.toDoubles();
  }

  /** The names of layers that have none: "0", "1", … */
  private static List<String> numbered(int layers) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      names.add(Integer.toString(i));
    }
    return names;
  }

  private static String text(List<String> names) {
    ArrayNode array = StrictJson.array();
    names.forEach(array::add);
    return StrictJson.write(array);
  }

  private static List<String> names(FieldReader in, String text) {
    JsonNode array = StrictJson.read(NAMES, text);
    List<String> names = new ArrayList<>();
    for (JsonNode name : array) {
      if (!name.isTextual()) {
        throw in.refused(NAMES, "a JSON array of texts");
      }
      names.add(name.textValue());
    }
    if (!array.isArray()) {
      throw in.refused(NAMES, "a JSON array of texts");
    }
    return names;
  }
}
