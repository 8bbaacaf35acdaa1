package io.collapsewatch.dashboard.board;

import static java.util.Comparator.comparing;

import io.collapsewatch.protocol.CaptureHeader;
import io.collapsewatch.protocol.WindowReport;
import java.util.Comparator;
import java.util.Locale;

/** Which of the windows of a run. */
public record Window(String split, String layer, WindowReport.Kind kind)
    implements Comparable<Window> {

  /** The rolling window that a run is judged by. */
  public static final Window ROLLING = of(WindowReport.Kind.ROLLING);

  /** The passes over the same data with frozen weights. */
  public static final Window SNAPSHOT = of(WindowReport.Kind.SNAPSHOT);

  private static final Comparator<Window> ORDER =
      comparing(Window::split).thenComparing(Window::layer).thenComparing(Window::kind);

  /** The window that {@code report} is of. */
  public static Window of(WindowReport report) {
    return new Window(report.split(), report.layer(), report.kind());
  }

  private static Window of(WindowReport.Kind kind) {
    return new Window(CaptureHeader.TRAIN, CaptureHeader.PENULTIMATE, kind);
  }

  /** The kind as it stands in JSON. */
  public String kindName() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public int compareTo(Window other) {
    return ORDER.compare(this, other);
  }
}
