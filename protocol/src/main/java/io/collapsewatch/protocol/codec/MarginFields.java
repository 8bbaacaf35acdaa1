package io.collapsewatch.protocol.codec;

import io.collapsewatch.protocol.MalformedCaptureException;
import io.collapsewatch.protocol.MarginHistogram;
import io.collapsewatch.protocol.MarginStatistics;
import io.collapsewatch.protocol.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@link MarginStatistics} as metadata and tensors. */
final class MarginFields {

  private static final String PREFIX = "margin_";
  private static final String BINS = "margin_bins";
  private static final String COUNTS = "margin_counts";

  private MarginFields() {}

  static void write(MarginStatistics margins, FieldWriter out, Map<String, Tensor> tensors) {
    out.put("margin_count", margins.count());
    out.put("margin_correct", margins.correct());
    out.put("margin_mean", margins.mean());
    out.put("margin_variance", margins.variance());
    out.put("margin_min", margins.min());
    SortedMap<Integer, Long> counts = margins.histogram().counts();
    int[] bins = counts.keySet().stream().mapToInt(Integer::intValue).toArray();
    long[] samples = counts.values().stream().mapToLong(Long::longValue).toArray();
    tensors.put(BINS, Tensor.ofInts(bins, bins.length));
    tensors.put(COUNTS, Tensor.ofLongs(samples, samples.length));
  }

  /** All of it or nothing: one field of margins asks for the others. */
  static Optional<MarginStatistics> read(FieldReader in, Map<String, Tensor> tensors) {
    if (in.startingWith(PREFIX).isEmpty()
        && !tensors.containsKey(BINS)
        && !tensors.containsKey(COUNTS)) {
      return Optional.empty();
    }
    return Optional.of(
        new MarginStatistics(
            whole(in, "margin_count"),
            whole(in, "margin_correct"),
            number(in, "margin_mean"),
            number(in, "margin_variance"),
            number(in, "margin_min"),
            histogram(vector(BINS, tensors), vector(COUNTS, tensors))));
  }

  private static long whole(FieldReader in, String field) {
    OptionalLong value = in.whole(field);
    return value.orElseThrow(FieldReader.missing(field, "it beside the other numbers of margins"));
  }

  private static double number(FieldReader in, String field) {
    OptionalDouble value = in.number(field);
    return value.orElseThrow(FieldReader.missing(field, "it beside the other numbers of margins"));
  }

  private static MarginHistogram histogram(Tensor bins, Tensor counts) {
    if (bins.size() != counts.size()) {
      throw new MalformedCaptureException(
          "margin_bins has %d entries and margin_counts %d; expected as many"
              .formatted(bins.size(), counts.size()));
    }
    SortedMap<Integer, Long> byBin = new TreeMap<>();
    for (int i = 0; i < bins.size(); i++) {
      // Cut to 32 bits only after the comparison, so that 2³² is not taken for bin 0.
      long bin = bins.longAt(i);
      if (bin != (int) bin || byBin.put((int) bin, counts.longAt(i)) != null) {
        throw new MalformedCaptureException(
            "margin_bins[%d] is %d; expected every bin once, in %d..%d"
                .formatted(i, bin, -MarginHistogram.LAST_BIN - 1, MarginHistogram.LAST_BIN));
      }
    }
    return new MarginHistogram(byBin);
  }

  private static Tensor vector(String name, Map<String, Tensor> tensors) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw FieldReader.missing(name, "a vector of integers").get();
    }
    if (tensor.axes() != 1 || tensor.dtype().floating()) {
      throw new MalformedCaptureException(
          "%s is %s; expected a vector of integers".formatted(name, tensor));
    }
    return tensor;
  }
}
