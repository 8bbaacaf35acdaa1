package io.collapsewatch.analyzer.webhook;

import io.collapsewatch.protocol.Alert;
import java.util.Locale;

/** What an alert says, in a sentence without its reason. */
public final class AlertSentence {

  private AlertSentence() {}

  /** Such as "run digits is stalled" or "run digits is no longer stalled". */
  public static String of(Alert alert) {
    return "run %s is %s%s"
        .formatted(
            alert.run(),
            alert.firing() ? "" : "no longer ",
            alert.state().name().toLowerCase(Locale.ROOT));
  }
}
