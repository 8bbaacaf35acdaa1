package io.collapsewatch.launcher.report;

import io.collapsewatch.analyzer.collapse.CollapseResult;
import io.collapsewatch.protocol.MetricKey;
import io.collapsewatch.protocol.WindowReport.ClassPair;
import java.util.ArrayList;
import java.util.List;

/** All metrics of one set of samples, for people: name, value and what it means, by criterion. */
public final class MetricTable {

  private static final String FORMAT = "  %-24s %12s  %s";
  private static final int DIGITS = 6;

  private MetricTable() {}

  /** The lines of the table; a metric that is undefined shows a dash. */
  public static List<String> lines(CollapseResult result) {
    List<String> lines = new ArrayList<>();
    String group = "";
    for (MetricKey key : MetricKey.values()) {
      if (key.ofSamples()) {
        if (!group.equals(group(key))) {
          group = group(key);
          lines.add(group);
        }
        lines.add(line(key, result));
      }
    }
    lines.add("Frame");
    result.frame().ifPresent(frame -> lines.add(frame(frame)));
    result.worstPair().ifPresent(pair -> lines.add(worst(pair)));
    return lines;
  }

  private static String line(MetricKey key, CollapseResult result) {
    String unit = key.unit().isEmpty() ? "" : " [" + key.unit() + "]";
    return FORMAT.formatted(
        key.key(), Figures.of(result.metrics().get(key), DIGITS), key.help() + unit);
  }

  private static String frame(String frame) {
    return FORMAT.formatted("frame", frame, "Which of the two the classifiers are nearer to");
  }

  private static String worst(ClassPair pair) {
    return FORMAT.formatted(
        "worst_pair",
        pair.first() + ", " + pair.second(),
        "Classes whose centred means are closest; cosine " + Figures.of(pair.cosine(), DIGITS));
  }

  private static String group(MetricKey key) {
    String name = key.key();
    if (name.startsWith("nc1")) {
      return "NC1, variability collapse";
    }
    if (name.startsWith("nc2")) {
      return "NC2, convergence to the frame";
    }
    if (name.startsWith("nc3")) {
      return "NC3, self-duality";
    }
    if (name.startsWith("nc4")) {
      return "NC4, nearest class centre";
    }
    return key.compareTo(MetricKey.NC1) < 0 ? "Samples" : "Margins and accuracy";
  }
}
